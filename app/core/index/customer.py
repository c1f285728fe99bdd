"""Customers and the source records that are linked to them."""

from dataclasses import dataclass
from datetime import datetime
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
    the five elements were verified, `attributes` what else it knows."""

    record_id: UUID
    local: LocalId
    customer_id: str
    given: GivenElements
    deceased: bool
    version: int
    updated_at: datetime
    verification: Verification = Verification.SELF_REPORTED
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class CrossReference:
    """(source system, local ID) → master customer ID."""

    local: LocalId
    customer_id: str


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
