"""Reviews with both sides as they are today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.core.index.customer import Customer, Review, SourceRecord
from app.core.matching.answer import KnownCustomer, ScoredCandidate
from app.services.context import Caller
from app.services.ports import UnitOfWork
from app.services.resolver import Resolver

Priority = Literal["high", "normal", "low"]
_HIGH, _NORMAL = 0.999, 0.9
SCORES_OF: Mapping[Priority, tuple[float | None, float | None]] = {
    "high": (_HIGH, None),
    "normal": (_NORMAL, _HIGH),
    "low": (None, _NORMAL),
}
"""The scores of a priority: from, inclusive, and to, exclusive."""


@dataclass(frozen=True, slots=True)
class Case:
    """A review with both sides as they are today: the customer of the record it is about, the candidate, and
    how the record compares with the candidate's best one, element by element."""

    review: Review
    customer: Sequence[SourceRecord]
    candidate: Sequence[SourceRecord]
    comparison: ScoredCandidate | None

    @property
    def priority(self) -> Priority:
        """By the score when the review was opened: who is most likely the same waits least."""
        score = self.review.score
        return "high" if score >= _HIGH else "normal" if score >= _NORMAL else "low"

    def known_to(self, caller: Caller) -> bool:
        """Whether the caller knows the source systems of both sides."""
        return all(caller.client.knows(r.local.source_system) for r in (*self.customer, *self.candidate))


@dataclass(frozen=True, slots=True)
class ReviewCases:
    """Finds both sides of reviews, and compares them."""

    resolver: Resolver

    async def of(self, unit: UnitOfWork, reviews: Sequence[Review]) -> list[Case]:
        """Both sides of each, whatever was merged since."""
        named = [c for review in reviews for c in (review.customer_id, review.candidate_id)]
        customers = await unit.customers.get(named)
        records = await unit.index.records_of([c.known_as for c in customers.values()])
        return [self._case(review, customers, records) for review in reviews]

    def _case(self, review: Review, customers: dict[str, Customer], records: Sequence[SourceRecord]) -> Case:
        left, right = (customers[c].known_as for c in (review.customer_id, review.candidate_id))
        mine = sorted(
            (r for r in records if r.customer_id == left), key=lambda r: r.record_id != review.record_id
        )
        theirs = [r for r in records if r.customer_id == right]
        if left == right:  # merged since: the sides are what was asked about
            mine = [r for r in mine if r.record_id == review.record_id or r.home == review.customer_id]
            theirs = [r for r in theirs if r not in mine]
        if not mine or not theirs:
            return Case(review, mine, theirs, None)
        known = tuple(self.resolver.known_record(r.given) for r in theirs)
        answer = self.resolver.ask(mine[0].given, (KnownCustomer(right, known),))
        return Case(review, mine, theirs, answer.candidates[0])
