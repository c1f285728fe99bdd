"""Erasures: asked for by one person, confirmed by another; what would go, in counts."""

from uuid import UUID

from starlette.datastructures import FormData
from starlette.responses import Response

from app.console.review_query import identifier
from app.console.visit import Visit
from app.core.access.scope import Scope
from app.core.index.erasure import LONGEST_REFERENCE, REFERENCE, Basis
from app.services.errors import InvalidRequest, NotFound

HOME = "/console/erasures"
A_PAGE = 50
COUNTED = (
    "customer_ids",
    "source_records",
    "source_record_versions",
    "customer_keys",
    "blocking_keys",
    "reviews",
    "consents",
    "identity_decisions",
)
"""What there is of a customer, in the order in which it matters to people."""


async def table(visit: Visit) -> Response:
    """Requests, the newest first, and the form for a new one."""
    before = identifier(visit.request.query_params.get("before"))
    page = await visit.services.erase_customer.list(before, A_PAGE, visit.caller)
    return visit.show("erasures.html", here="erasures", page=page, before=before, bases=tuple(Basis))


async def request(visit: Visit) -> Response:
    """Asks for somebody to be erased; nothing is erased yet."""
    form = await visit.request.form()
    return await _request(visit, _text(form, "customer_id"), form)


async def request_of(visit: Visit) -> Response:
    """The same from the customer's page."""
    return await _request(visit, visit.request.path_params["customer_id"], await visit.request.form())


async def detail(visit: Visit) -> Response:
    """One request: who asked and why, and what would go today."""
    erasure_id = _id(visit)
    erasure, stock = await visit.services.erase_customer.read(erasure_id, visit.caller)
    waits = erasure.waits(visit.services.sessions.clock.now())
    return visit.show(
        "erasure.html",
        here="erasures",
        erasure=erasure,
        counts=[(name, stock.counts[name]) for name in COUNTED if name in stock.counts],
        waits=waits,
        own=erasure.requested_by == visit.caller.principal,
        confirms=visit.may(Scope.DATA_ERASE),
    )


async def confirm(visit: Visit) -> Response:
    """Erases; the customer's ID is typed once more, since nothing brings them back."""
    erasure_id, form = _id(visit), await visit.request.form()
    erasure, _ = await visit.services.erase_customer.read(erasure_id, visit.caller)
    if _text(form, "customer_id") != erasure.customer_id:
        raise InvalidRequest("customer_id", "the ID of the customer who is to be erased, as it stands above")
    await visit.services.erase_customer.confirm(erasure_id, visit.caller)
    return visit.go(f"{HOME}/{erasure_id}")


async def _request(visit: Visit, customer_id: str, form: FormData) -> Response:
    basis = next((one for one in Basis if one.value == form.get("basis")), None)
    if basis is None:
        raise InvalidRequest("basis", f"one of {', '.join(Basis)}")
    reference = _text(form, "reference") or None
    if reference and (len(reference) > LONGEST_REFERENCE or not REFERENCE.fullmatch(reference)):
        raise InvalidRequest("reference", "the number of a case: letters, digits and . _ / -")
    erasure, _ = await visit.services.erase_customer.request(customer_id, basis, reference, visit.caller)
    return visit.go(f"{HOME}/{erasure.erasure_id}")


def _id(visit: Visit) -> UUID:
    found = identifier(visit.request.path_params["erasure_id"])
    if found is None:
        raise NotFound("There is no erasure with that ID.")
    return found


def _text(form: FormData, field: str) -> str:
    value = form.get(field)
    return value.strip()[:200] if isinstance(value, str) else ""
