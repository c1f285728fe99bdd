"""The access log, for administrators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from app.api.deps import ServicesDep, caller_with
from app.api.schemas.audit import EventOut, EventPageOut
from app.api.schemas.moment import Moment
from app.api.schemas.problem import problems
from app.core.access.scope import Scope
from app.core.audit.event import EventFilter, Kind
from app.services.context import Caller

router = APIRouter(tags=["audit"])

CustomerId = Annotated[str | None, Query(max_length=64, description="Of this customer.")]
ClientId = Annotated[str | None, Query(max_length=64, description="Of requests made for this client.")]
OfKind = Annotated[Kind | None, Query(description="Of this kind.")]
Outcome = Annotated[str | None, Query(max_length=64, description="With this outcome: the kind's own word.")]


@router.get(
    "/v1/audit/events",
    operation_id="list_audit_events",
    summary="Events of the access log, newest first",
    responses=problems(401, 403, 422, 503),
)
async def list_audit_events(
    services: ServicesDep,
    caller: Annotated[Caller, Depends(caller_with(Scope.AUDIT_READ))],
    customer_id: CustomerId = None,
    client_id: ClientId = None,
    kind: OfKind = None,
    outcome: Outcome = None,
    since: Annotated[Moment | None, Query(alias="from", description="Inclusive, RFC 3339.")] = None,
    until: Annotated[Moment | None, Query(alias="to", description="Exclusive, RFC 3339.")] = None,
    cursor: Annotated[UUID | None, Query(description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="Events a page.")] = 100,
) -> EventPageOut:
    """Filters combine. Reading the log is an event of its own."""
    which = EventFilter(customer_id, client_id, kind, outcome, since, until)
    page = await services.read_audit_events(which, cursor, limit, caller)
    items = [EventOut.of(event) for event in page.items]
    return EventPageOut(items=items, next=str(page.next) if page.next else None)
