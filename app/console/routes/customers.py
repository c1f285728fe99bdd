"""Customers: who is this, what is known of them, and why it is so."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.responses import Response

from app.console.golden import Value, values
from app.console.review_query import identifier
from app.console.routes.consents import CHOICES, HOME
from app.console.side_by_side import Person, shown
from app.console.visit import Visit
from app.core.identity.elements import GivenElements
from app.core.identity.failure import InvalidElements
from app.core.index.customer import LocalId, SourceRecord
from app.core.index.erasure import Basis
from app.core.index.golden_record import GoldenRecord
from app.core.index.ledger import Act, Decision
from app.core.matching.answer import ScoredCandidate
from app.services.errors import CustomerMoved, NotFound
from app.services.manage_consents import MOST_CONSENTS
from app.services.read_dossier import Dossier

ELEMENTS = ("name", "gender", "birth_date", "id_type", "id_number")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """Somebody who was found: masked, with the evidence."""

    candidate: ScoredCandidate
    person: GivenElements


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the timeline. `holds`: a merge that can be undone; `reason` is a steward's own words, shown
    only in clear."""

    decision: Decision
    holds: bool
    reason: str | None


async def search(visit: Visit) -> Response:
    """The empty form."""
    return visit.show("customers.html", here="customers", given={}, answer=None, faults={}, hits=())


async def find(visit: Visit) -> Response:
    """Asks who this is: a match like a partner's, on record as one."""
    form = await visit.request.form()
    given = {name: _text(form, name) for name in ELEMENTS}
    asked = GivenElements(**{name: text or None for name, text in given.items()})
    try:
        matched = await visit.services.match_customer(asked, None, visit.caller, explain=True)
    except InvalidElements as wrong:
        faults = {failure.field for failure in wrong.failures}
        return visit.show(
            "customers.html", 422, here="customers", given=given, answer=None, faults=faults, hits=()
        )
    hits = [
        Hit(c, shown(Person(c.record.given, c.record.elements), clear=False))
        for c in matched.answer.candidates
    ]
    return visit.show(
        "customers.html", here="customers", given=given, answer=matched.answer, faults={}, hits=hits
    )


async def look_up(visit: Visit) -> Response:
    """Leads to a customer by their ID or by a source system's."""
    form = await visit.request.form()
    customer_id = _text(form, "customer_id")
    if not customer_id:
        local = LocalId(_text(form, "source_system"), _text(form, "local_id"))
        customer_id = (await visit.services.read_customer.cross_reference(local, visit.caller)).customer_id
    if not customer_id.isalnum():
        raise NotFound("There is no customer with that ID.")
    return visit.go(f"{HOME}/{customer_id}")


async def customer(visit: Visit) -> Response:
    """One customer, masked."""
    return await _show(visit, disclose=False)


async def disclose(visit: Visit) -> Response:
    """One customer in clear; that somebody asked is an event."""
    return await _show(visit, disclose=True)


async def masked_again(visit: Visit) -> Response:
    """Where the answer to a form is asked for once more: back to the page itself."""
    return visit.go(f"{HOME}/{visit.request.path_params['customer_id']}")


async def undo_merge(visit: Visit) -> Response:
    """Takes a merge back."""
    form = await visit.request.form()
    merge_id = identifier(visit.request.path_params["merge_id"])
    if merge_id is None:
        raise NotFound("There is no merge with that ID.")
    merge = await visit.services.merge_customers.undo(merge_id, _text(form, "reason"), visit.caller)
    return visit.go(f"{HOME}/{merge.survivor_id}?undone={merge.retired_id}")


async def _show(visit: Visit, *, disclose: bool) -> Response:
    customer_id = visit.request.path_params["customer_id"]
    try:
        found = await visit.services.read_dossier(customer_id, visit.caller, disclose=disclose)
    except CustomerMoved as moved:
        return visit.go(f"{HOME}/{moved.survivor_id}?from={customer_id}")
    consents = await visit.services.consents.list(customer_id, None, MOST_CONSENTS, visit.caller)
    told = {
        name: text
        for name in ("from", "undone", "split", "merge")
        if (text := visit.request.query_params.get(name, "").replace("-", "")).isalnum()
    }
    return visit.show(
        "customer.html",
        here="customers",
        found=found,
        values=golden_values(visit, found.golden, clear=disclose) if found.golden else [],
        people=people(visit, found.records, clear=disclose),
        timeline=_timeline(found, clear=disclose),
        consents=consents.items,
        choices=CHOICES,
        bases=tuple(Basis),
        now=visit.services.sessions.clock.now(),
        clear=disclose,
        told=told,
        merge_id=identifier(visit.request.query_params.get("merge")),
    )


def golden_values(visit: Visit, golden: GoldenRecord, *, clear: bool) -> list[Value]:
    """A golden record's rows."""
    person = Person(golden.elements, visit.services.understand(golden.elements))
    return values(golden, person, clear=clear)


def people(
    visit: Visit, records: Sequence[SourceRecord], *, clear: bool
) -> list[tuple[SourceRecord, GivenElements]]:
    """Each record with what it says."""
    understand = visit.services.understand
    return [(r, shown(Person(r.given, understand(r.given)), clear=clear)) for r in records]


def _timeline(found: Dossier, *, clear: bool) -> list[Entry]:
    """The newest first."""
    holding = {c.merge_id for c in found.merged}
    return [
        Entry(d, d.act is Act.MERGE and d.decision_id in holding, _reason(d) if clear else None)
        for d in reversed(found.history)
    ]


def _reason(decision: Decision) -> str | None:
    said = decision.evidence.get("reason") if decision.evidence else None
    return said if isinstance(said, str) and said else None


def _text(form: FormData, field: str) -> str:
    value = form.get(field)
    return value.strip()[:_LONGEST] if isinstance(value, str) else ""
