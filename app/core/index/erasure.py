"""The erasure of a customer: asked for by one, confirmed by another, done once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

GOOD_FOR = timedelta(days=7)
"""How long a request waits for its confirmation."""
LONGEST_REFERENCE = 64
REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
"""What the number of a case looks like."""


class Basis(StrEnum):
    """Why a customer is erased: the five cases of article 47 of the Personal Information Protection Law."""

    PURPOSE_ENDED = "purpose_ended"
    RETENTION_ENDED = "retention_ended"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    UNLAWFUL_PROCESSING = "unlawful_processing"
    OTHER_LAW = "other_law"


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """A request. `homes`: the customer with everybody merged into them, all of whom are erased together;
    `reference` is the number of the case that it belongs to, nothing personal. `requested_by` and
    `confirmed_by`: a client, or `console:` and an account."""

    erasure_id: UUID
    customer_id: str
    homes: tuple[str, ...]
    basis: Basis
    reference: str | None
    requested_by: str
    requested_at: datetime
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None

    @property
    def expires_at(self) -> datetime:
        """Until when it can be confirmed."""
        return self.requested_at + GOOD_FOR

    def waits(self, now: datetime) -> bool:
        """Whether it can be confirmed still."""
        return self.confirmed_at is None and now <= self.expires_at


@dataclass(frozen=True, slots=True)
class Stock:
    """What there is of a customer, as counts by the name of what it is."""

    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the erasure register: who was erased, and when."""

    customer_id: str
    at: datetime
