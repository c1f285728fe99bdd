"""Alerts, for those who watch over the access log."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query

from app.api.deps import ServicesDep, caller_with
from app.api.schemas.alerts import AlertOut, AlertPageOut
from app.api.schemas.problem import problems
from app.core.access.scope import Scope
from app.core.audit.alert import AlertFilter
from app.services.context import Caller

router = APIRouter(tags=["audit"])

Auditor = Annotated[Caller, Depends(caller_with(Scope.AUDIT_READ))]
_CODE = r"^[A-Za-z0-9_]{1,64}$"


@router.get(
    "/v1/alerts",
    operation_id="list_alerts",
    summary="What rules found in the access log, newest first",
    responses=problems(401, 403, 422, 503),
)
async def list_alerts(
    services: ServicesDep,
    caller: Auditor,
    rule: Annotated[str | None, Query(pattern=_CODE, description="Of this rule.")] = None,
    client_id: Annotated[str | None, Query(max_length=64, description="About this client.")] = None,
    acknowledged: Annotated[
        bool | None, Query(description="Those that somebody has looked at, or those nobody has.")
    ] = None,
    cursor: Annotated[UUID | None, Query(description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="Alerts a page.")] = 100,
) -> AlertPageOut:
    """Filters combine. Reading alerts is an event of the log."""
    page = await services.read_alerts(AlertFilter(rule, client_id, acknowledged), cursor, limit, caller)
    items = [AlertOut.of(alert) for alert in page.items]
    return AlertPageOut(items=items, next=str(page.next) if page.next else None)


@router.post(
    "/v1/alerts/{alert_id}/acknowledge",
    operation_id="acknowledge_alert",
    summary="Note that somebody has looked at an alert",
    responses=problems(401, 403, 404, 409, 422, 503),
)
async def acknowledge_alert(
    services: ServicesDep, caller: Auditor, alert_id: Annotated[UUID, Path(description="The alert.")]
) -> AlertOut:
    """Who did is on record. A second time changes nothing."""
    return AlertOut.of(await services.acknowledge_alert(alert_id, caller))
