"""The access log: a live table, one event with its proof, what a client did, the export."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from starlette.responses import Response, StreamingResponse

from app.console.catalogue import codes
from app.console.event_query import CHOICES, EventQuery, read_query, read_uuid
from app.console.visit import Visit
from app.core.access.client import CONSOLE
from app.core.audit.event import Event
from app.services.errors import NotFound

A_PAGE = 50


async def table(visit: Visit) -> Response:
    """A page of events, newest first. The first one follows the log, unless that is switched off."""
    parameters = visit.request.query_params
    query = read_query(parameters, visit.services.timezone)
    before = read_uuid(parameters.get("before"))
    page = await visit.services.read_audit_events(query.which, before, A_PAGE, visit.caller)
    live = before is None and parameters.get("live") != "off"
    values = _values(query, page.items, live, str(page.next) if page.next else None)
    return visit.show("log_table.html" if visit.partial else "log.html", here="log", before=before, **values)


async def follow(visit: Visit) -> Response:
    """The table anew, or nothing where there is no news."""
    parameters = visit.request.query_params
    query = read_query(parameters, visit.services.timezone)
    seen = read_uuid(parameters.get("seen"))
    events = await visit.services.follow_audit_events(query.which, seen, A_PAGE + 1, visit.caller)
    if not events:
        return Response(status_code=204)
    items, more = events[:A_PAGE], len(events) > A_PAGE
    values = _values(query, items, True, str(items[-1].event_id) if more else None)
    return visit.show("log_table.html", here="log", before=None, **values)


def _values(query: EventQuery, events: tuple[Event, ...], live: bool, older: str | None) -> dict[str, Any]:
    newest = str(events[0].event_id) if events else ""
    return {
        "query": query,
        "choices": CHOICES,
        "known": {group: codes(group) for group in ("outcome", "reason")},
        "events": events,
        "live": live,
        "older": older,
        "newest": newest,
    }


async def detail(visit: Visit) -> Response:
    """One event: in plain words, with its request and its proof."""
    return await _detail(visit, shown=False)


async def disclose(visit: Visit) -> Response:
    """The same, with what somebody wrote in it; that is an event."""
    return await _detail(visit, shown=True)


async def _detail(visit: Visit, *, shown: bool) -> Response:
    event_id = read_uuid(visit.request.path_params["event_id"])
    if event_id is None:
        raise NotFound("There is no event with that ID.")
    service = visit.services.open_audit_event
    statement = await service.statement(event_id, visit.caller) if shown else None
    opened = await service(event_id, visit.caller)
    return visit.show(
        "log_event.html",
        here="log",
        opened=opened,
        event=opened.event,
        sentence=_sentence(visit, opened.event),
        statement=statement,
    )


def _sentence(visit: Visit, event: Event) -> str:
    """What such an event is about, in plain words."""
    who = event.actor if event.client_id == CONSOLE else event.client_id
    who = who or event.source or visit.say("operator")
    return visit.word("sentence", event.kind.value).format(who=who)


async def activity(visit: Visit) -> Response:
    """What a client did in the last 30 days, in figures."""
    client_id = visit.request.path_params["client_id"]
    report = await visit.services.report_activity(client_id, None, None, visit.caller)
    return visit.show("activity.html", here="log", report=report)


async def export(visit: Visit) -> Response:
    """Everything the filters find, as NDJSON or CSV."""
    parameters = visit.request.query_params
    query = read_query(parameters, visit.services.timezone)
    form = "csv" if parameters.get("format") == "csv" else "ndjson"
    events = await visit.services.stream_audit_events(query.which, visit.caller)
    name = f'attachment; filename="access-log.{form}"'
    lines = visit.services.event_lines(_without_statements(events), form)
    media_type = "text/csv; charset=utf-8" if form == "csv" else "application/x-ndjson"
    return StreamingResponse(lines, headers={"Content-Disposition": name}, media_type=media_type)


async def _without_statements(events: AsyncIterator[Event]) -> AsyncIterator[Event]:
    """What somebody wrote is shown event by event, on request."""
    async for event in events:
        yield replace(event, statement=None)
