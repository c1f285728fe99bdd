"""Accesses in an emergency: what waits for a verdict, and what was decided."""

from uuid import UUID

from starlette.responses import Response

from app.console.event_query import read_uuid
from app.console.visit import Visit
from app.core.access.client import CLIENT_ID
from app.core.access.emergency import EmergencyFilter, EmergencyVerdict
from app.core.access.scope import Scope
from app.services.errors import InvalidRequest, NotFound

A_PAGE = 50
HOME = "/console/emergencies"
STATES = {"open": False, "decided": True, "all": None}
_LONGEST = 500


async def table(visit: Visit) -> Response:
    """A page of them, newest first; those that wait, unless others are asked for."""
    parameters = visit.request.query_params
    state = parameters.get("state", "")
    state = state if state in STATES else "open"
    client_id = parameters.get("client_id", "")
    which = EmergencyFilter(STATES[state], client_id if CLIENT_ID.fullmatch(client_id) else None)
    page = await visit.services.emergencies.list(
        which, read_uuid(parameters.get("before")), A_PAGE, visit.caller
    )
    return visit.show(
        "emergencies.html",
        here="emergencies",
        state=state,
        states=tuple(STATES),
        client_id=which.client_id,
        accesses=[found.access for found in page.items],
        older=page.next,
    )


async def detail(visit: Visit) -> Response:
    """One of them; what was written is masked."""
    return await _detail(visit, disclosed=False)


async def disclose(visit: Visit) -> Response:
    """The same, with what was written; that is an event."""
    return await _detail(visit, disclosed=True)


async def judge(visit: Visit) -> Response:
    """Gives the verdict."""
    form = await visit.request.form()
    given = next((verdict for verdict in EmergencyVerdict if verdict.value == form.get("verdict")), None)
    if given is None:
        raise InvalidRequest("verdict", f"one of {', '.join(EmergencyVerdict)}")
    text = form.get("note")
    note = text.strip()[:_LONGEST] if isinstance(text, str) else ""
    if not note:
        raise InvalidRequest("note", "why, in words")
    judged = await visit.services.emergencies.judge(_asked(visit), given, note, visit.caller)
    return visit.go(f"{HOME}/{judged.access.event_id}")


async def _detail(visit: Visit, *, disclosed: bool) -> Response:
    found = await visit.services.emergencies.one(_asked(visit), visit.caller, disclosed=disclosed)
    return visit.show(
        "emergency.html",
        here="emergencies",
        found=found,
        access=found.access,
        disclosed=disclosed,
        verdicts=tuple(EmergencyVerdict),
        may_judge=found.access.verdict is None and visit.may(Scope.POLICY_ADMIN),
    )


def _asked(visit: Visit) -> UUID:
    event_id = read_uuid(visit.request.path_params["event_id"])
    if event_id is None:
        raise NotFound("There is no access in an emergency with that event ID.")
    return event_id
