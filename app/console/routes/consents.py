"""A customer's consents: what they, or who speaks for them, permit and forbid."""

from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData
from starlette.responses import Response

from app.console.review_query import identifier
from app.console.routes.customers import HOME
from app.console.visit import Visit
from app.core.access.consent import GivenBy, Stance
from app.core.access.consent_record import Proof
from app.core.access.record_kinds import Sensitivity
from app.core.access.scope import Domain
from app.services.errors import InvalidRequest, NotFound
from app.services.manage_consents import NewConsent

_LONGEST = 500
_Word = TypeVar("_Word", bound=StrEnum)


async def record(visit: Visit) -> Response:
    """Records a directive; it takes effect at once."""
    form = await visit.request.form()
    customer_id = visit.request.path_params["customer_id"]
    proof = _text(form, "proof")
    if not proof:
        raise InvalidRequest("proof", "what shows that it was given")
    new = NewConsent(
        stance=_one(form, "stance", Stance),
        given_by=_one(form, "given_by", GivenBy),
        proof=Proof(proof),
        domains=_several(form, "domain", Domain),
        sensitive=_several(form, "sensitive", Sensitivity),
        valid_until=_end(_text(form, "valid_until"), visit.services.timezone),
    )
    await visit.services.consents.record(customer_id, new, visit.caller)
    return visit.go(f"{HOME}/{customer_id}#consents")


async def withdraw(visit: Visit) -> Response:
    """Ends a directive, once and for all."""
    form = await visit.request.form()
    customer_id = visit.request.path_params["customer_id"]
    consent_id = identifier(visit.request.path_params["consent_id"])
    if consent_id is None:
        raise NotFound("The customer has no consent with that ID.")
    reason = _text(form, "reason") or None
    await visit.services.consents.withdraw(customer_id, consent_id, reason, visit.caller)
    return visit.go(f"{HOME}/{customer_id}#consents")


def _one(form: FormData, field: str, words: type[_Word]) -> _Word:
    found = next((word for word in words if word.value == form.get(field)), None)
    if found is None:
        raise InvalidRequest(field, f"one of {', '.join(words)}")
    return found


def _several(form: FormData, field: str, words: type[_Word]) -> frozenset[_Word]:
    asked = form.getlist(field)
    return frozenset(word for word in words if word.value in asked)


def _end(day: str, timezone: ZoneInfo) -> datetime | None:
    """The start of a day where the console is; it is in force until then."""
    if not day:
        return None
    try:
        return datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=timezone)
    except ValueError:
        raise InvalidRequest("valid_until", "a day such as 2027-01-31") from None


def _text(form: FormData, field: str) -> str:
    value = form.get(field)
    return value.strip()[:_LONGEST] if isinstance(value, str) else ""
