"""Answers for people: who looked at this customer, what did this partner do."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import HTMLResponse

from app.api.deps import GuardedRoute, ServicesDep, caller_with
from app.api.schemas.activity import ActivityOut
from app.api.schemas.moment import Moment
from app.api.schemas.problem import problems
from app.core.access.scope import Scope
from app.services.context import Caller

router = APIRouter(tags=["audit"], route_class=GuardedRoute)

Auditor = Annotated[Caller, Depends(caller_with(Scope.AUDIT_READ))]
Language = Annotated[Literal["zh", "en"], Query(description="Of the page.")]
Since = Annotated[Moment | None, Query(alias="from", description="RFC 3339, inclusive.")]
Until = Annotated[Moment | None, Query(alias="to", description="RFC 3339, exclusive.")]
ClientIdPath = Annotated[str, Path(max_length=64, description="A client.", examples=["hospital-east"])]


@router.get(
    "/v1/customers/{customer_id}/access-report",
    operation_id="report_access",
    summary="Who looked at this customer, when and why: a page to print",
    response_class=HTMLResponse,
    responses=problems(401, 403, 404, 422, 503),
)
async def report_access(
    customer_id: Annotated[str, Path(description="A master customer ID.")],
    services: ServicesDep,
    caller: Annotated[Caller, Depends(caller_with(Scope.CUSTOMER_STEWARD, Scope.AUDIT_READ))],
    language: Language = "zh",
    since: Since = None,
    until: Until = None,
) -> HTMLResponse:
    """Events of the customer and of everybody merged into them, the newest 2,000 of the period; the page says
    so where there are more. It holds all that it needs, and no script. The report is an event, too. For a
    steward who knows every source system that the customer has records of, or an auditor."""
    reports = services.reports.access
    report = await reports.make.for_caller(customer_id, since, until, caller)
    return _page(reports.write(report, language), reports.policy)


@router.get(
    "/v1/clients/{client_id}/activity",
    operation_id="read_client_activity",
    summary="What this partner did, counted",
    responses=problems(401, 403, 404, 422, 503),
)
async def read_client_activity(
    client_id: ClientIdPath,
    services: ServicesDep,
    caller: Auditor,
    since: Since = None,
    until: Until = None,
) -> ActivityOut:
    """By day, kind and outcome, purpose and domain, with the grounds of refusals. Of at most 366 days;
    without `from` of 30, without `to` until now. That somebody asked is an event."""
    return ActivityOut.of(await services.reports.activity.make(client_id, since, until, caller))


@router.get(
    "/v1/clients/{client_id}/activity-report",
    operation_id="report_client_activity",
    summary="What this partner did: a page to print",
    response_class=HTMLResponse,
    responses=problems(401, 403, 404, 422, 503),
)
async def report_client_activity(
    client_id: ClientIdPath,
    services: ServicesDep,
    caller: Auditor,
    language: Language = "zh",
    since: Since = None,
    until: Until = None,
) -> HTMLResponse:
    """The same figures as `/activity`. The page holds all that it needs, and no script."""
    reports = services.reports.activity
    report = await reports.make(client_id, since, until, caller)
    return _page(reports.write(report, language), reports.policy)


def _page(text: str, policy: str) -> HTMLResponse:
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store"}
    return HTMLResponse(text, headers=headers)
