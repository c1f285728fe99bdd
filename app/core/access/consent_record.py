"""A consent directive with its proof and its history, as the register of consents keeps it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.core.access.consent import Directive


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows that it was given: words, and the SHA-256 (hex) of a document that is kept elsewhere."""

    text: str | None = field(default=None, repr=False)
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The end of a directive: who recorded it, and why."""

    consent_id: UUID
    at: datetime
    by: str
    actor: str | None
    reason: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """A directive as it was recorded. `proof` is None, and a withdrawal's reason, where the customer was
    erased. `actor`: who spoke for the client `recorded_by`. `copied_from`: the directive of another customer
    that it repeats, since it is not known whose it was."""

    directive: Directive
    proof: Proof | None
    recorded_by: str
    actor: str | None = None
    copied_from: UUID | None = None
    withdrawal: Withdrawal | None = None
