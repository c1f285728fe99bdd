"""Stewards settle who is who: merges, their undoing, splits, reviews."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query

from app.api.deps import GuardedRoute, ServicesDep, caller_with
from app.api.schemas.problem import problems
from app.api.schemas.stewardship import (
    AssignmentIn,
    CaseOut,
    CasePageOut,
    DecisionIn,
    MergeIn,
    MergeOut,
    ReasonIn,
    ReviewOut,
    SplitIn,
    SplitOut,
)
from app.core.access.scope import Scope
from app.core.index.customer import LocalId, ReviewFilter, ReviewStatus
from app.services.context import Caller

router = APIRouter(tags=["stewardship"], route_class=GuardedRoute)

Steward = Annotated[Caller, Depends(caller_with(Scope.CUSTOMER_STEWARD))]
_PROBLEMS = problems(400, 401, 403, 404, 409, 422, 503)


@router.post(
    "/v1/merges",
    operation_id="merge_customers",
    summary="Two customers are one person",
    status_code=201,
    responses=_PROBLEMS,
)
async def merge_customers(body: MergeIn, services: ServicesDep, caller: Steward) -> MergeOut:
    """The retired ID leads to the survivor from now on, and customer-bound tokens of both are dead."""
    return MergeOut.of(
        await services.merge_customers.merge(body.survivor_id, body.retired_id, body.reason, caller)
    )


@router.post(
    "/v1/merges/{merge_id}/undo",
    operation_id="undo_merge",
    summary="Two customers who were merged are not one person",
    responses=_PROBLEMS,
)
async def undo_merge(
    merge_id: Annotated[UUID, Path(description="Of the merge.")],
    body: ReasonIn,
    services: ServicesDep,
    caller: Steward,
) -> MergeOut:
    """At any later time. Each record goes with the customer it was linked to; one that came after the merge
    goes with the record it was recognised by. Later merges stay."""
    return MergeOut.of(await services.merge_customers.undo(merge_id, body.reason, caller))


@router.post(
    "/v1/customers/{customer_id}/splits",
    operation_id="split_customer",
    summary="Some of a customer's records are another person's",
    status_code=201,
    responses=_PROBLEMS,
)
async def split_customer(
    customer_id: Annotated[str, Path(description="A master customer ID.")],
    body: SplitIn,
    services: ServicesDep,
    caller: Steward,
) -> SplitOut:
    """Where exactly the records of somebody who was merged leave, their ID comes back to life."""
    leaving = [LocalId(record.source_system, record.local_id) for record in body.records]
    return SplitOut.of(await services.split_customer(customer_id, leaving, body.reason, caller))


@router.get(
    "/v1/reviews",
    operation_id="list_reviews",
    summary="The queue of doubtful pairs, the likeliest first",
    responses=problems(401, 403, 422, 503),
)
async def list_reviews(
    services: ServicesDep,
    caller: Steward,
    status: Annotated[ReviewStatus, Query(description="Of this status.")] = ReviewStatus.OPEN,
    assigned_to: Annotated[str | None, Query(max_length=64, description="Of this steward.")] = None,
    cursor: Annotated[UUID | None, Query(description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="Reviews a page.")] = 50,
) -> CasePageOut:
    """Both sides side by side, and how they compare. A steward sees pairs of systems that they know."""
    which = ReviewFilter(status, assigned_to)
    page = await services.settle_review.queue(which, cursor, limit, caller)
    items = [CaseOut.of_case(case) for case in page.items]
    return CasePageOut(items=items, next=str(page.next) if page.next else None)


@router.post(
    "/v1/reviews/{review_id}/decision",
    operation_id="decide_review",
    summary="Same, not the same, or later",
    responses=_PROBLEMS,
)
async def decide_review(
    review_id: Annotated[UUID, Path(description="Of the review.")],
    body: DecisionIn,
    services: ServicesDep,
    caller: Steward,
) -> ReviewOut:
    """`same` merges the two, the older ID survives. `not_same` is remembered: the pair is not asked again
    unless the elements of one side change."""
    return ReviewOut.of(await services.settle_review.decide(review_id, body.decision, body.reason, caller))


@router.put(
    "/v1/reviews/{review_id}/assignment",
    operation_id="assign_review",
    summary="Whose case a review is",
    responses=_PROBLEMS,
)
async def assign_review(
    review_id: Annotated[UUID, Path(description="Of the review.")],
    body: AssignmentIn,
    services: ServicesDep,
    caller: Steward,
) -> ReviewOut:
    """Null gives it back to the queue."""
    return ReviewOut.of(await services.settle_review.assign(review_id, body.assigned_to, caller))
