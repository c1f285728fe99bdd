"""A steward takes back what was said of a pair."""

from dataclasses import dataclass, replace
from uuid import UUID

from app.core.audit.event import Kind
from app.core.index.customer import Review, ReviewStatus, Verdict
from app.core.index.ledger import Act, Decision
from app.services.context import Caller
from app.services.errors import NotFound, NotPossible
from app.services.read_history import decisions_about
from app.services.review_cases import ReviewCases
from app.services.stewardship import Editing, Stewardship, check_systems


@dataclass(frozen=True, slots=True)
class ReopenReview:
    """The review is open again, and what followed from the decision is undone: the merge, or that each record
    of one is another person's than each of the other."""

    stewardship: Stewardship
    cases: ReviewCases

    async def __call__(self, review_id: UUID, reason: str, caller: Caller) -> Review:
        """Raises `NotFound`, `NotPossible`, `SourceSystemNotAllowed`, `StorageUnavailable`."""
        async with self.stewardship.edit(caller, Kind.REVIEW) as editing:
            review = await editing.unit.reviews.get(review_id)
            if review is None:
                raise NotFound("There is no review with that ID.")
            if review.decision is None or review.status is ReviewStatus.SUPERSEDED:
                raise NotPossible("This review has no decision that could be undone.")
            (case,) = await self.cases.of(editing.unit, [review])
            check_systems(caller, [*case.customer, *case.candidate])
            await _undo(editing, review, {"reason": reason, "review_id": str(review_id)})
            reopened = replace(
                review, status=ReviewStatus.OPEN, decision=None, decided_by=None, decided_at=None
            )
            editing.unit.reviews.put([reopened])
            named = (review.customer_id, review.candidate_id)
            editing.note("reopened", *named, review_id=str(review_id), was=review.decision.value)
        return reopened


async def _undo(editing: Editing, review: Review, evidence: dict[str, object]) -> None:
    if review.decision is Verdict.LATER:
        return
    history = await decisions_about(editing.unit, review.customer_id)
    followed = [d for d in history if d.why == "review" and _rests_on(d, review)]
    if review.decision is Verdict.SAME:
        merges = [d for d in followed if d.act is Act.MERGE]
        if not merges:
            raise NotPossible("The merge that followed from this decision is not known any more.")
        await editing.editor.undo(merges[-1].decision_id, "review", evidence)
        return
    taken_back = {d.undoes for d in history if d.act is Act.RECONSIDER}
    pairs = [d for d in followed if d.act is Act.DISTINCT and d.decision_id not in taken_back]
    editing.editor.reconsider(pairs, "review", evidence)


def _rests_on(decision: Decision, review: Review) -> bool:
    return decision.evidence is not None and decision.evidence.get("review_id") == str(review.review_id)
