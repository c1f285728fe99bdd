"""Merges, splits and reviews on the wire."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.api.schemas.elements import ElementsOut
from app.core.index.customer import Review, ReviewStatus, SourceRecord, Verdict
from app.core.matching.answer import ScoredCandidate
from app.services.merge_customers import Merge
from app.services.review_cases import Case
from app.services.split_customer import Split

Reason = Annotated[str, Field(min_length=1, max_length=500, description="Kept, encrypted, as evidence.")]
CustomerIdIn = Annotated[str, Field(max_length=64, examples=["CM6SC7N75YR3HGA9TO"])]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MergeIn(_In):
    """Two customers who are one person."""

    survivor_id: CustomerIdIn
    retired_id: CustomerIdIn
    reason: Reason


class ReasonIn(_In):
    """Why."""

    reason: Reason


class MergeOut(BaseModel):
    """A merge, or the end of one. `survivor_id`: whom the retired customer is, or was until now, part of."""

    merge_id: UUID
    survivor_id: str
    retired_id: str
    at: datetime

    @classmethod
    def of(cls, merge: Merge) -> "MergeOut":
        """From the service's shape."""
        return cls.model_validate(merge, from_attributes=True)


class LocalIdIn(_In):
    """A cross-reference of the customer."""

    source_system: Annotated[str, Field(max_length=128)]
    local_id: Annotated[str, Field(max_length=128)]


class SplitIn(_In):
    """The records that are somebody else's."""

    records: Annotated[list[LocalIdIn], Field(min_length=1, max_length=1000)]
    reason: Reason


class SplitOut(BaseModel):
    """`new_id` is whose the records are now: a new customer, or one who came back to life."""

    split_id: UUID
    customer_id: str
    new_id: str

    @classmethod
    def of(cls, split: Split) -> "SplitOut":
        """From the service's shape."""
        return cls.model_validate(split, from_attributes=True)


class SideRecordOut(BaseModel):
    """One source record, in clear: only stewards see this."""

    source_system: str
    local_id: str
    elements: ElementsOut
    deceased: bool
    verification: str
    updated_at: datetime

    @classmethod
    def of(cls, record: SourceRecord) -> "SideRecordOut":
        """From the core's shape."""
        return cls(
            source_system=record.local.source_system,
            local_id=record.local.local_id,
            elements=ElementsOut.of(record.given),
            deceased=record.deceased,
            verification=record.verification,
            updated_at=record.updated_at,
        )


class SideOut(BaseModel):
    """One side of a pair as it is today: whom it is known as, and their records."""

    customer_id: str | None
    records: list[SideRecordOut]


class StepOut(BaseModel):
    """One element's share of the score: a step of the waterfall. `weight` is a log2 Bayes factor."""

    element: str
    level: str
    weight: float
    why: str


class WaterfallOut(BaseModel):
    """How the record compares with the candidate's best one, today."""

    score: float
    weight: float
    flags: list[str]
    doubts: list[str]
    steps: list[StepOut]

    @classmethod
    def of(cls, found: ScoredCandidate) -> "WaterfallOut":
        """From the core's shape."""
        return cls(
            score=found.score,
            weight=found.weight,
            flags=list(found.flags),
            doubts=list(found.doubts),
            steps=[StepOut.model_validate(c, from_attributes=True) for c in found.comparisons],
        )


class ReviewOut(BaseModel):
    """A pair that a steward settles."""

    review_id: UUID
    status: ReviewStatus
    reasons: list[str]
    score: float
    model: str
    opened_at: datetime
    assigned_to: str | None
    decision: Verdict | None
    decided_by: str | None
    decided_at: datetime | None

    @classmethod
    def of(cls, review: Review) -> "ReviewOut":
        """From the core's shape."""
        return cls.model_validate(review, from_attributes=True)


class CaseOut(ReviewOut):
    """A review with both sides and their comparison; null where one side has no records any more."""

    priority: Literal["high", "normal", "low"]
    customer: SideOut
    candidate: SideOut
    comparison: WaterfallOut | None

    @classmethod
    def of_case(cls, case: Case) -> "CaseOut":
        """From the service's shape."""
        return cls(
            **ReviewOut.of(case.review).model_dump(),
            priority=case.priority,
            customer=_side(case.customer),
            candidate=_side(case.candidate),
            comparison=WaterfallOut.of(case.comparison) if case.comparison else None,
        )


class CasePageOut(BaseModel):
    """The likeliest pairs first; `next` is the cursor of the following page, or null."""

    items: list[CaseOut]
    next: str | None


class DecisionIn(_In):
    """What the steward says."""

    decision: Verdict
    reason: Reason


class AssignmentIn(_In):
    """Whose case it is; null gives it back."""

    assigned_to: Annotated[str | None, Field(max_length=64)]


def _side(records: Sequence[SourceRecord]) -> SideOut:
    known_as = records[0].customer_id if records else None
    return SideOut(customer_id=known_as, records=[SideRecordOut.of(r) for r in records])
