"""The change feed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from app.api.deps import GuardedRoute, ServicesDep, caller_with
from app.api.schemas.changes import ChangeOut, ChangePageOut
from app.api.schemas.problem import problems
from app.core.access.scope import Scope
from app.services.context import Caller

router = APIRouter(tags=["changes"], route_class=GuardedRoute)

LONGEST_WAIT = 30


@router.get(
    "/v1/changes",
    operation_id="read_changes",
    summary="What happened to customers, in order",
    responses=problems(401, 403, 422, 503),
)
async def read_changes(
    services: ServicesDep,
    caller: Annotated[Caller, Depends(caller_with(Scope.CHANGES_READ))],
    after: Annotated[int, Query(ge=0, le=2**62, description="`next` of the answer before; 0 for all.")] = 0,
    limit: Annotated[int, Query(ge=1, le=1000, description="Changes an answer.")] = 200,
    wait: Annotated[
        int, Query(ge=0, le=LONGEST_WAIT, description="Seconds to wait where there are none yet.")
    ] = 0,
) -> ChangePageOut:
    """At least once: asking behind the same `next` again gives the same lines again. In order for each
    customer. Local IDs are told for the source systems that the client knows."""
    page = await services.read_changes(after, limit, wait, caller)
    items = [ChangeOut.of(position, change) for position, change in page.items]
    return ChangePageOut(items=items, next=page.last)
