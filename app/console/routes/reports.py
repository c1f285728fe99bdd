"""Answers for people: who looked at them, as a page to print."""

from starlette.responses import HTMLResponse, Response

from app.console.access_report import access_report_page
from app.console.catalogue import LANGUAGES
from app.console.printing import POLICY
from app.console.visit import Visit


async def of_customer(visit: Visit) -> Response:
    """In the language that is asked for, or the visitor's own: the page is for somebody else."""
    customer_id = visit.request.path_params["customer_id"]
    report = await visit.services.report_access.for_caller(customer_id, None, None, visit.caller)
    asked = visit.request.query_params.get("language")
    language = asked if asked in LANGUAGES else visit.language
    text = access_report_page(report, language, visit.services.timezone)
    return HTMLResponse(text, headers={"Content-Security-Policy": POLICY})
