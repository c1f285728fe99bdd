"""Customers and the source records that are linked to them."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.core.identity.elements import GivenElements
from app.core.index.attributes import Attribute, Verification


@dataclass(frozen=True, slots=True)
class LocalId:
    """A source system's own ID of a person."""

    source_system: str
    local_id: str


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """What a source system says of one person. `version` counts its contents from 1; `verification` is how
    the five elements were verified, `attributes` what else it knows. `home_id` is whom the record was
    linked to, where that customer was merged into another since."""

    record_id: UUID
    local: LocalId
    customer_id: str
    given: GivenElements
    deceased: bool
    version: int
    updated_at: datetime
    verification: Verification = Verification.SELF_REPORTED
    attributes: tuple[Attribute, ...] = ()
    home_id: str | None = None

    @property
    def home(self) -> str:
        """The customer whom the record was linked to, retired or not."""
        return self.home_id or self.customer_id

    def moved(self, home: str, customer_id: str) -> "SourceRecord":
        """The record with another home, which is now known as `customer_id`."""
        return replace(self, customer_id=customer_id, home_id=home if home != customer_id else None)


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer ID and where it leads: active, or retired by the merge `merge_id` into `merged_into`, to be
    found under `survivor_id`. Customer-bound tokens with `iat` at or before `tokens_not_before` are dead.
    Since `erased_at` nothing is left but the ID."""

    customer_id: str
    merged_into: str | None = None
    merge_id: UUID | None = None
    survivor_id: str | None = None
    tokens_not_before: datetime | None = None
    erased_at: datetime | None = None

    @property
    def active(self) -> bool:
        """Whether it is in use: neither merged into another nor erased."""
        return self.merged_into is None and self.erased_at is None

    @property
    def known_as(self) -> str:
        """The active customer's ID."""
        return self.survivor_id or self.customer_id

    def outlives(self, issued_at: datetime) -> bool:
        """Whether a token for the customer, issued at that time, is good."""
        return self.active and (self.tokens_not_before is None or issued_at > self.tokens_not_before)


@dataclass(frozen=True, slots=True)
class CrossReference:
    """(source system, local ID) → master customer ID; `version` is the record's, where it was asked for."""

    local: LocalId
    customer_id: str
    version: int | None = None


class ReviewStatus(StrEnum):
    """`later`: looked at and put off. `superseded`: the question no longer stands, since the record changed,
    was withdrawn, or is the candidate's by now."""

    OPEN = "open"
    LATER = "later"
    DECIDED = "decided"
    SUPERSEDED = "superseded"


UNSETTLED = (ReviewStatus.OPEN, ReviewStatus.LATER)


class Verdict(StrEnum):
    """What a steward says of a pair."""

    SAME = "same"
    NOT_SAME = "not_same"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Review:
    """A pair a steward must settle: the record's own (new) customer and the one it may be."""

    review_id: UUID
    record_id: UUID
    customer_id: str
    candidate_id: str
    score: float
    reasons: tuple[str, ...]
    model: str
    opened_at: datetime
    status: ReviewStatus = ReviewStatus.OPEN
    assigned_to: str | None = None
    decision: Verdict | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """Which reviews to list; None is "any". Scores lie from `least`, inclusive, to `below`, exclusive; no
    other source system than `systems` knows either side, as it is today."""

    status: ReviewStatus = ReviewStatus.OPEN
    assigned_to: str | None = None
    least: float | None = None
    below: float | None = None
    reason: str | None = None
    systems: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class ReviewedPair:
    """A review without whom it is about: how likely they were the same, the doubts, and what was decided."""

    score: float
    reasons: tuple[str, ...]
    decision: Verdict | None


@dataclass(frozen=True, slots=True)
class DistinctPair:
    """Two records that were found to be two people, when the digests of their elements were these: without
    digests, when that was taken back."""

    record_id: UUID
    other_record_id: UUID
    digest: str
    other_digest: str
    decision_id: UUID
