"""A customer's consents: what they, or who speaks for them, permit and forbid."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData
from starlette.responses import Response

from app.console.review_query import identifier
from app.console.visit import Visit
from app.core.access.consent import GivenBy, Stance
from app.core.access.consent_record import Proof
from app.core.access.record_kinds import KINDS, RecordKind, Sensitivity
from app.core.access.scope import Domain, Purpose
from app.services.errors import InvalidRequest, NotFound
from app.services.manage_consents import NewConsent

HOME = "/console/customers"
LONGEST_PROOF, LONGEST_REASON, LONGEST_NAMES = 2000, 500, 3000
_SHA256 = re.compile(r"[0-9a-f]{64}")
_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a directive may be about."""

    domains: tuple[Domain, ...] = tuple(Domain)
    kinds: tuple[tuple[Domain, tuple[RecordKind, ...]], ...] = tuple(KINDS.items())
    sensitive: tuple[Sensitivity, ...] = tuple(Sensitivity)
    purposes: tuple[Purpose, ...] = tuple(Purpose)


CHOICES = Choices()


async def record(visit: Visit) -> Response:
    """Records a directive; it takes effect at once, or on the day that it names."""
    form = await visit.request.form()
    customer_id, timezone = visit.request.path_params["customer_id"], visit.services.timezone
    new = NewConsent(
        stance=_one(form, "stance", Stance),
        given_by=_one(form, "given_by", GivenBy),
        proof=_proof(form),
        domains=_several(form, "domain", Domain),
        purposes=_several(form, "purpose", Purpose),
        partners=frozenset(_text(form, "partners", LONGEST_NAMES).split()),
        kinds=_several(form, "kind", RecordKind),
        sensitive=_several(form, "sensitive", Sensitivity),
        valid_from=_day(form, "valid_from", timezone),
        valid_until=_day(form, "valid_until", timezone),
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
    reason = _text(form, "reason", LONGEST_REASON) or None
    await visit.services.consents.withdraw(customer_id, consent_id, reason, visit.caller)
    return visit.go(f"{HOME}/{customer_id}#consents")


def _proof(form: FormData) -> Proof:
    """Words, the hash of a document that is kept elsewhere, or both."""
    text, sha256 = _text(form, "proof", LONGEST_PROOF), _text(form, "sha256", LONGEST_PROOF).lower()
    if not text and not sha256:
        raise InvalidRequest("proof", "what shows that it was given: words, the hash of a document, or both")
    if sha256 and not _SHA256.fullmatch(sha256):
        raise InvalidRequest("sha256", "64 hexadecimal digits")
    return Proof(text or None, sha256 or None)


def _one(form: FormData, field: str, words: type[_Word]) -> _Word:
    found = next((word for word in words if word.value == form.get(field)), None)
    if found is None:
        raise InvalidRequest(field, f"one of {', '.join(words)}")
    return found


def _several(form: FormData, field: str, words: type[_Word]) -> frozenset[_Word]:
    """Raises `InvalidRequest` for a word that is none: to leave it out could make the directive wider."""
    asked = set(form.getlist(field))
    if not asked <= set(words):
        raise InvalidRequest(field, f"some of {', '.join(words)}")
    return frozenset(word for word in words if word in asked)


def _day(form: FormData, field: str, timezone: ZoneInfo) -> datetime | None:
    """The start of a day where the console is."""
    day = _text(form, field, 10)
    if not day:
        return None
    try:
        return datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=timezone)
    except ValueError:
        raise InvalidRequest(field, "a day such as 2027-01-31") from None


def _text(form: FormData, field: str, longest: int) -> str:
    value = form.get(field)
    return value.strip()[:longest] if isinstance(value, str) else ""
