"""The queue of doubtful pairs, and what stewards say of them."""

from dataclasses import dataclass, replace
from uuid import UUID

from app.core.audit.event import Kind
from app.core.index.customer import UNSETTLED, Review, ReviewFilter, ReviewStatus, Verdict
from app.services.context import Caller
from app.services.errors import NotFound, NotPossible
from app.services.review_cases import Case, ReviewCases
from app.services.stewardship import Editing, Stewardship, check_systems


@dataclass(frozen=True, slots=True)
class CasePage:
    """The likeliest first; `next` is the last one's ID where there may be more."""

    items: tuple[Case, ...]
    next: UUID | None


@dataclass(frozen=True, slots=True)
class SettleReview:
    """What is decided is not asked again until the elements of one side change."""

    stewardship: Stewardship
    cases: ReviewCases

    async def queue(self, which: ReviewFilter, after: UUID | None, limit: int, caller: Caller) -> CasePage:
        """A page of the queue; a steward sees the cases whose source systems they all know."""
        async with self.stewardship.units() as unit:
            last = await unit.reviews.get(after) if after is not None else None
            mine = replace(which, systems=caller.client.source_systems)
            found = await unit.reviews.list(mine, last, limit + 1)
            seen = tuple(await self.cases.of(unit, found[:limit]))
            event = self.stewardship.scribe(caller, Kind.REVIEW, "listed")
            unit.events.append(replace(event, detail={"status": which.status.value, "cases": len(seen)}))
            await unit.commit()
        return CasePage(seen, found[limit - 1].review_id if len(found) > limit else None)

    async def assign(self, review_id: UUID, assigned_to: str | None, caller: Caller) -> Review:
        """Whose case it is; None gives it back.

        Raises `NotFound`, `NotPossible`, `SourceSystemNotAllowed`, `StorageUnavailable`.
        """
        async with self.stewardship.edit(caller, Kind.REVIEW) as editing:
            case = await self._open_case(editing, review_id, caller)
            review = replace(case.review, assigned_to=assigned_to)
            editing.unit.reviews.put([review])
            editing.note("assigned", review.customer_id, review_id=str(review_id), to=assigned_to)
        return review

    async def decide(self, review_id: UUID, verdict: Verdict, reason: str, caller: Caller) -> Review:
        """Same: both are merged, the older ID survives. Not the same: each record of one is another person's
        than each of the other. Later: it stays in the queue of that name.

        Raises `NotFound`, `NotPossible`, `SourceSystemNotAllowed`, `StorageUnavailable`.
        """
        async with self.stewardship.edit(caller, Kind.REVIEW) as editing:
            case = await self._open_case(editing, review_id, caller)
            review = replace(
                case.review,
                status=ReviewStatus.LATER if verdict is Verdict.LATER else ReviewStatus.DECIDED,
                decision=verdict,
                decided_by=caller.name,
                decided_at=editing.editor.journal.now,
            )
            editing.unit.reviews.put([review])
            customer, candidate = case.customer[0].customer_id, case.candidate[0].customer_id
            evidence = {"reason": reason, "review_id": str(review_id), **_compared(case)}
            if verdict is Verdict.SAME:
                await editing.editor.merge(candidate, customer, "review", evidence)
                editing.unit.reviews.put([review])  # the merge has closed it as superseded
            elif verdict is Verdict.NOT_SAME:
                await editing.editor.distinguish(customer, candidate, "review", evidence)
            editing.note(verdict.value, customer, candidate, review_id=str(review_id))
        return review

    async def _open_case(self, editing: Editing, review_id: UUID, caller: Caller) -> Case:
        review = await editing.unit.reviews.get(review_id)
        if review is None:
            raise NotFound("There is no review with that ID.")
        (case,) = await self.cases.of(editing.unit, [review])
        check_systems(caller, [*case.customer, *case.candidate])
        if review.status not in UNSETTLED:
            raise NotPossible("This review is settled; undo the merge, or correct the data.")
        if not case.customer or not case.candidate:
            raise NotPossible("One side of this review has no records any more.")
        if case.customer[0].customer_id == case.candidate[0].customer_id:
            raise NotPossible("Both sides of this review are one customer already.")
        return case


def _compared(case: Case) -> dict[str, object]:
    found = case.comparison
    if found is None:
        return {}
    levels = [[c.element, c.level, c.weight] for c in found.comparisons]
    return {"score": found.score, "weight": found.weight, "comparisons": levels}
