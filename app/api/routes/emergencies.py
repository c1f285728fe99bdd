"""Accesses in an emergency: the list of those who watch, and the verdict on each."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query

from app.api.deps import GuardedRoute, ServicesDep, caller_with
from app.api.schemas.clients import ClientId
from app.api.schemas.emergencies import EmergencyAccessOut, EmergencyPageOut, VerdictIn
from app.api.schemas.moment import Moment
from app.api.schemas.problem import problems
from app.core.access.emergency import EmergencyFilter
from app.core.access.scope import Scope
from app.services.context import Caller

router = APIRouter(tags=["audit"], route_class=GuardedRoute)


@router.get(
    "/v1/emergency-accesses",
    operation_id="list_emergency_accesses",
    summary="Accesses in an emergency, newest first, with the verdicts on them",
    responses=problems(401, 403, 422, 503),
)
async def list_emergency_accesses(
    services: ServicesDep,
    caller: Annotated[Caller, Depends(caller_with(Scope.AUDIT_READ))],
    decided: Annotated[
        bool | None, Query(description="Those that have a verdict, or those that wait for one.")
    ] = None,
    client_id: Annotated[ClientId | None, Query(description="Of this client.")] = None,
    since: Annotated[Moment | None, Query(alias="from", description="Inclusive, RFC 3339.")] = None,
    until: Annotated[Moment | None, Query(alias="to", description="Exclusive, RFC 3339.")] = None,
    cursor: Annotated[UUID | None, Query(description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="Accesses a page.")] = 100,
) -> EmergencyPageOut:
    """Filters combine. Reading them is an event of the log, like reading the log, which shows the same."""
    which = EmergencyFilter(decided, client_id, since, until)
    page = await services.access.emergencies.list(which, cursor, limit, caller)
    items = [EmergencyAccessOut.of(found) for found in page.items]
    return EmergencyPageOut(items=items, next=str(page.next) if page.next else None)


@router.post(
    "/v1/emergency-accesses/{event_id}/verdict",
    operation_id="judge_emergency_access",
    summary="Decide whether an access in an emergency was justified",
    responses=problems(400, 401, 403, 404, 409, 422, 503),
)
async def judge_emergency_access(
    event_id: Annotated[UUID, Path(description="The permit's event.")],
    body: VerdictIn,
    services: ServicesDep,
    caller: Annotated[Caller, Depends(caller_with(Scope.POLICY_ADMIN))],
) -> EmergencyAccessOut:
    """By the security officer, once, and never on an access of one's own. The same verdict again changes
    nothing; another one is 409. The answer has no `reason`: reading it takes the scope `audit:read`."""
    judged = await services.access.emergencies.judge(event_id, body.verdict, body.note, caller)
    return EmergencyAccessOut.of(judged)
