"""Consent directives on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.api.schemas.clients import ClientId
from app.api.schemas.moment import Moment
from app.core.access.consent import GivenBy, Stance
from app.core.access.consent_record import ConsentRecord, Proof, Withdrawal
from app.core.access.record_kinds import RecordKind, Sensitivity
from app.core.access.scope import Domain, Purpose
from app.services.manage_consents import ConsentPage, NewConsent

MOST_PARTNERS = 50

Domains = Annotated[
    list[Domain], Field(max_length=len(Domain), description="Whose records; empty: every domain's.")
]
Purposes = Annotated[list[Purpose], Field(max_length=len(Purpose), description="Empty: any purpose.")]
Partners = Annotated[
    list[ClientId], Field(max_length=MOST_PARTNERS, description="Registered clients; empty: any of them.")
]
Kinds = Annotated[list[RecordKind], Field(max_length=len(RecordKind), description="Empty: every kind.")]
Labels = Annotated[
    list[Sensitivity],
    Field(
        max_length=len(Sensitivity),
        description="Sensitive labels that are meant. A permission opens none that it does not name; a denial"
        " that names neither kinds nor labels forbids everything.",
    ),
]


class ProofIn(BaseModel):
    """What shows that the directive was given: words, the hash of a document, or both."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[
        str | None,
        Field(min_length=1, max_length=2000, description="Kept encrypted."),
    ] = None
    sha256: Annotated[
        str | None,
        Field(pattern="^[0-9a-f]{64}$", description="Of a document kept elsewhere; 64 hex digits."),
    ] = None

    @model_validator(mode="after")
    def _says_something(self) -> "ProofIn":
        if self.text is None and self.sha256 is None:
            raise ValueError("a proof has a text, the sha256 of a document, or both")
        return self


class ConsentIn(BaseModel):
    """A directive to record."""

    model_config = ConfigDict(extra="forbid")

    decision: Annotated[Stance, Field(description="What is said: permit or deny.")]
    given_by: Annotated[
        GivenBy,
        Field(description="Whose word it is: a guardian's for a child under 14, next of kin's for the dead."),
    ]
    proof: ProofIn
    domains: Domains = []
    purposes: Purposes = []
    partners: Partners = []
    kinds: Kinds = []
    sensitive: Labels = []
    valid_from: Annotated[Moment | None, Field(description="In force from then on; null: from now.")] = None
    valid_until: Annotated[Moment | None, Field(description="Until then, exclusive; null: for good.")] = None

    def new(self) -> NewConsent:
        """As the use case takes it."""
        return NewConsent(
            stance=self.decision,
            given_by=self.given_by,
            proof=Proof(self.proof.text, self.proof.sha256),
            domains=frozenset(self.domains),
            purposes=frozenset(self.purposes),
            partners=frozenset(self.partners),
            kinds=frozenset(self.kinds),
            sensitive=frozenset(self.sensitive),
            valid_from=self.valid_from,
            valid_until=self.valid_until,
        )


class WithdrawalIn(BaseModel):
    """Why a directive ends, in words; may be left out."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str | None, Field(max_length=500, description="Kept encrypted.")] = None


class ProofOut(BaseModel):
    """What shows that the directive was given."""

    text: str | None
    sha256: str | None


class WithdrawalOut(BaseModel):
    """When a directive was withdrawn, and by whose client."""

    at: datetime
    by: str
    reason: str | None

    @classmethod
    def of(cls, withdrawal: Withdrawal, with_words: bool) -> "WithdrawalOut":
        """From the core's shape."""
        return cls(at=withdrawal.at, by=withdrawal.by, reason=withdrawal.reason if with_words else None)


class ConsentOut(BaseModel):
    """A directive. `customer_id` is the ID under which it was given, also after a merge. `proof` and the
    reason of a withdrawal are shown to whoever may record consents, else null."""

    consent_id: UUID
    customer_id: str
    decision: Stance
    given_by: GivenBy
    domains: list[Domain]
    purposes: list[Purpose]
    partners: list[str]
    kinds: list[RecordKind]
    sensitive: list[Sensitivity]
    valid_from: datetime
    valid_until: datetime | None
    recorded_at: datetime
    recorded_by: str
    copied_from: Annotated[
        UUID | None,
        Field(description="The directive of a customer who was split from this one, which it repeats."),
    ]
    proof: ProofOut | None
    withdrawn: WithdrawalOut | None

    @classmethod
    def of(cls, record: ConsentRecord, with_words: bool) -> "ConsentOut":
        """From the core's shape; `with_words`: with what somebody wrote."""
        given = record.directive
        proof = record.proof if with_words else None
        return cls(
            consent_id=given.consent_id,
            customer_id=given.customer_id,
            decision=given.stance,
            given_by=given.given_by,
            domains=sorted(given.domains),
            purposes=sorted(given.purposes),
            partners=sorted(given.partners),
            kinds=sorted(given.kinds),
            sensitive=sorted(given.sensitive),
            valid_from=given.valid_from,
            valid_until=given.valid_until,
            recorded_at=given.recorded_at,
            recorded_by=record.recorded_by,
            copied_from=record.copied_from,
            proof=ProofOut(text=proof.text, sha256=proof.sha256) if proof else None,
            withdrawn=WithdrawalOut.of(record.withdrawal, with_words) if record.withdrawal else None,
        )


class ConsentPageOut(BaseModel):
    """The newest first, withdrawn ones too; `next` is the cursor of the following page, or null."""

    items: list[ConsentOut]
    next: str | None

    @classmethod
    def of(cls, page: ConsentPage, with_words: bool) -> "ConsentPageOut":
        """From the service's shape."""
        items = [ConsentOut.of(record, with_words) for record in page.items]
        return cls(items=items, next=str(page.next) if page.next else None)
