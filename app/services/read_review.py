"""One review as a steward looks at it, and what lies beside it in the queue."""

from dataclasses import dataclass, replace
from uuid import UUID

from app.core.audit.event import Kind
from app.core.index.customer import Review, ReviewFilter
from app.services.context import Caller
from app.services.errors import NotFound, SourceSystemNotAllowed
from app.services.ports import UnitOfWork, Units
from app.services.record_denial import RecordDenial
from app.services.review_cases import Case, ReviewCases
from app.services.scribe import Scribe


@dataclass(frozen=True, slots=True)
class ReadCase:
    """A case with its neighbours in the queue that was asked for; None at its ends."""

    case: Case
    previous: UUID | None
    next: UUID | None


@dataclass(frozen=True, slots=True)
class ReadReview:
    """Who looks at a pair looks at two customers: each gets an event."""

    units: Units
    cases: ReviewCases
    deny: RecordDenial
    scribe: Scribe

    async def __call__(
        self, review_id: UUID, which: ReviewFilter, caller: Caller, *, disclose: bool
    ) -> ReadCase:
        """`which` is the queue they came from. `disclose`: the values are to be shown in clear.

        Raises `NotFound`, `SourceSystemNotAllowed`, `StorageUnavailable`.
        """
        kind, outcome = (Kind.DISCLOSURE, "ok") if disclose else (Kind.REVIEW, "read")
        async with self.units() as unit:
            review = await unit.reviews.get(review_id)
            if review is None:
                raise NotFound("There is no review with that ID.")
            (case,) = await self.cases.of(unit, [review])
            allowed = case.known_to(caller)
            if allowed:
                mine = replace(which, systems=caller.client.source_systems)
                before, behind = [await _beside(unit, mine, review, backwards) for backwards in (True, False)]
                found = ReadCase(case, before, behind)
                for customer_id in _customers(case):
                    detail = {"review_id": str(review_id)}
                    unit.events.append(
                        self.scribe(caller, kind, outcome, customer_id=customer_id, detail=detail)
                    )
                await unit.commit()
        if not allowed:
            await self.deny(caller, SourceSystemNotAllowed.code, kind=kind)
            raise SourceSystemNotAllowed
        return found


def _customers(case: Case) -> list[str]:
    named = [records[0].customer_id for records in (case.customer, case.candidate) if records]
    return list(dict.fromkeys(named))


async def _beside(unit: UnitOfWork, which: ReviewFilter, review: Review, backwards: bool) -> UUID | None:
    found = await unit.reviews.list(which, review, 1, backwards=backwards)
    return found[0].review_id if found else None
