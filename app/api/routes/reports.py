"""Answers for people: who looked at this customer."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import HTMLResponse

from app.api.deps import GuardedRoute, ServicesDep, caller_with
from app.api.schemas.moment import Moment
from app.api.schemas.problem import problems
from app.core.access.scope import Scope
from app.services.context import Caller

router = APIRouter(tags=["audit"], route_class=GuardedRoute)


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
    caller: Annotated[Caller, Depends(caller_with(Scope.AUDIT_READ))],
    language: Annotated[Literal["zh", "en"], Query(description="Of the page.")] = "zh",
    since: Annotated[Moment | None, Query(alias="from", description="RFC 3339, inclusive.")] = None,
    until: Annotated[Moment | None, Query(alias="to", description="RFC 3339, exclusive.")] = None,
) -> HTMLResponse:
    """Events of the customer and of everybody merged into them, the newest 2,000 of the period; the page says
    so where there are more. It holds all that it needs, and no script. The report is an event, too."""
    reports = services.access_reports
    report = await reports.make.for_caller(customer_id, since, until, caller)
    headers = {"Content-Security-Policy": reports.policy, "Cache-Control": "no-store"}
    return HTMLResponse(reports.write(report, language), headers=headers)
