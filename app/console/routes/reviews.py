"""Reviews: the queue, a pair side by side, and what a steward says of it."""

from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from app.console.review_query import PRIORITIES, REASONS, ReviewQuery, identifier
from app.console.side_by_side import Line, Person, shown, side_by_side
from app.console.visit import Visit
from app.console.waterfall import Waterfall, waterfall
from app.core.identity.elements import GivenElements
from app.core.index.customer import UNSETTLED, ReviewStatus, SourceRecord, Verdict
from app.services.errors import InvalidRequest, NotFound
from app.services.read_review import ReadCase
from app.services.review_cases import Case

QUEUE = "/console/reviews"
PAGE = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the queue: both people as far as the mask shows them."""

    case: Case
    left: GivenElements | None
    right: GivenElements | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A pair as it is shown: the record and the candidate's best one, and how their score comes about."""

    left: SourceRecord
    right: SourceRecord
    lines: tuple[Line, ...]
    waterfall: Waterfall


async def queue(visit: Visit) -> Response:
    """The likeliest pairs first."""
    query = ReviewQuery.read(visit.request.query_params)
    after = identifier(visit.request.query_params.get("after"))
    asked = query.filter(visit.caller.name)
    page = await visit.services.settle_review.queue(asked, after, PAGE, visit.caller)
    return visit.show(
        "reviews.html",
        here="reviews",
        query=query,
        statuses=tuple(ReviewStatus),
        priorities=PRIORITIES,
        reasons=REASONS,
        entries=[_entry(visit, case) for case in page.items],
        further=query.address(QUEUE, after=page.next) if page.next else None,
        first=query.address(QUEUE) if after else None,
        **_decided(visit),
    )


async def case(visit: Visit) -> Response:
    """One pair, masked."""
    return await _show(visit, disclose=False)


async def disclose(visit: Visit) -> Response:
    """One pair in clear; that somebody asked is an event."""
    return await _show(visit, disclose=True)


async def masked_again(visit: Visit) -> Response:
    """Where the answer to a form is asked for once more: back to the page itself."""
    return visit.go(ReviewQuery.read(visit.request.query_params).address(f"{QUEUE}/{_id(visit)}"))


async def decide(visit: Visit) -> Response:
    """Takes the verdict and leads on to the next pair, where it can be undone."""
    form = await visit.request.form()
    verdict = next((v for v in Verdict if v.value == form.get("verdict")), None)
    if verdict is None:
        raise InvalidRequest("verdict", "same, not_same or later")
    review_id, reason = _id(visit), str(form.get("reason") or "").strip()[:500]
    await visit.services.settle_review.decide(review_id, verdict, reason, visit.caller)
    query, following = ReviewQuery.read(visit.request.query_params), identifier(form.get("next"))
    onward = f"{QUEUE}/{following}" if following else QUEUE
    return visit.go(query.address(onward, decided=review_id, verdict=verdict.value))


async def reopen(visit: Visit) -> Response:
    """Takes back what was said."""
    review_id = _id(visit)
    await visit.services.reopen_review(review_id, "", visit.caller)
    return visit.go(ReviewQuery.read(visit.request.query_params).address(f"{QUEUE}/{review_id}"))


async def assign(visit: Visit) -> Response:
    """Takes the case, or gives it back."""
    form = await visit.request.form()
    to = visit.caller.name if form.get("to") == "me" else None
    review_id = _id(visit)
    await visit.services.settle_review.assign(review_id, to, visit.caller)
    return visit.go(ReviewQuery.read(visit.request.query_params).address(f"{QUEUE}/{review_id}"))


async def _show(visit: Visit, *, disclose: bool) -> Response:
    query = ReviewQuery.read(visit.request.query_params)
    asked = query.filter(visit.caller.name)
    found = await visit.services.read_review(_id(visit), asked, visit.caller, disclose=disclose)
    path = f"{QUEUE}/{found.case.review.review_id}"
    return visit.show(
        "review.html",
        here="reviews",
        query=query,
        found=found,
        review=found.case.review,
        pair=compared(visit, found.case, clear=disclose),
        others=_others(visit, found, clear=disclose),
        clear=disclose,
        unsettled=found.case.review.status in UNSETTLED,
        address=lambda action="": query.address(path + action),
        queue=query.address(QUEUE),
        previous=query.address(f"{QUEUE}/{found.previous}") if found.previous else None,
        following=query.address(f"{QUEUE}/{found.next}") if found.next else None,
        **_decided(visit),
    )


def compared(visit: Visit, case: Case, *, clear: bool) -> Comparison | None:
    """The pair for display; None where one side has no records any more."""
    if case.comparison is None:
        return None
    left = case.customer[0]
    right = next(r for r in case.candidate if r.given == case.comparison.record.given)
    lines = side_by_side(_person(visit, left), _person(visit, right), clear=clear)
    return Comparison(left, right, lines, waterfall(case.comparison))


def _others(visit: Visit, found: ReadCase, *, clear: bool) -> list[tuple[SourceRecord, GivenElements]]:
    """What else both sides' systems say, beside the two records that are compared."""
    case, comparison = found.case, found.case.comparison
    best = comparison.record.given if comparison else None
    rest = [*case.customer[1:], *(r for r in case.candidate if r.given != best)]
    return [(record, shown(_person(visit, record), clear=clear)) for record in rest]


def _entry(visit: Visit, case: Case) -> Entry:
    sides = (
        shown(_person(visit, records[0]), clear=False) if records else None
        for records in (case.customer, case.candidate)
    )
    return Entry(case, next(sides), next(sides))


def _person(visit: Visit, record: SourceRecord) -> Person:
    return Person(record.given, visit.services.understand(record.given))


def _decided(visit: Visit) -> dict[str, object]:
    """What was decided just now, on the page before."""
    given = visit.request.query_params
    verdict = next((v.value for v in Verdict if v.value == given.get("verdict")), None)
    return {"decided": identifier(given.get("decided")) if verdict else None, "verdict": verdict}


def _id(visit: Visit) -> UUID:
    found = identifier(visit.request.path_params["review_id"])
    if found is None:
        raise NotFound("There is no review with that ID.")
    return found
