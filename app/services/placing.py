"""Where each record of a batch belongs: decisions, gathered until they are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.core.identity.elements import GivenElements, IdentityElements
from app.core.index.attributes import Attribute, Verification
from app.core.index.customer import LocalId, Review, SourceRecord
from app.core.index.linking import Create, Link, decide_link
from app.core.matching.answer import Answer, Candidates, KnownCustomer, KnownRecord, Outcome
from app.core.matching.blocking import blocking_keys
from app.core.matching.blocking_key import BlockingKey
from app.services.neighbourhood import Neighbourhood
from app.services.ports import Ids
from app.services.resolver import Resolver

Placement = Literal["linked", "created", "review"]


@dataclass(frozen=True, slots=True)
class Registration:
    """What a source system says of one person. `deceased`, `verification` or `attributes` None: it does not
    say, and what it said before still holds."""

    local: LocalId
    given: GivenElements
    deceased: bool | None = None
    verification: Verification | None = None
    attributes: tuple[Attribute, ...] | None = None

    def says_nothing_new(self, stored: SourceRecord) -> bool:
        """Whether the stored record already says all this."""
        return (
            self.given == stored.given
            and self.deceased in (None, stored.deceased)
            and self.verified(stored) is stored.verification
            and self.attributes in (None, stored.attributes)
        )

    def verified(self, stored: SourceRecord | None) -> Verification:
        """The level of the five: other elements than were verified before are not verified by that."""
        if self.verification is not None:
            return self.verification
        same = stored is not None and stored.given == self.given
        return stored.verification if stored and same else Verification.SELF_REPORTED

    def basic_data(self, stored: SourceRecord | None) -> tuple[Attribute, ...]:
        """What is known beside the five, now that this is said."""
        return self.attributes if self.attributes is not None else stored.attributes if stored else ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A record with its customer. `outcome`: linked, created or review; not `changed`: nothing to write."""

    record: SourceRecord
    keys: tuple[BlockingKey, ...]
    outcome: Placement
    changed: bool
    reasons: tuple[str, ...] = ()
    grade: str | None = None
    model: str | None = None


class Placing:
    """Places records one by one; `new_customers`, `reviews` and `latest()` are what is to be written."""

    def __init__(
        self,
        resolver: Resolver,
        ids: Ids,
        now: datetime,
        near: Neighbourhood,
        stored: dict[LocalId, SourceRecord],
    ) -> None:
        self.now = now
        self.new_customers: list[str] = []
        self.reviews: list[Review] = []
        self._resolver = resolver
        self._ids = ids
        self._near = near
        self._stored = stored
        self._placed: dict[LocalId, Placed] = {}

    def latest(self) -> list[Placed]:
        """The last content of each record that changed."""
        return list(self._placed.values())

    def place(self, row: Registration, elements: IdentityElements, probes: Sequence[BlockingKey]) -> Placed:
        """Decides about one row; later rows see the effect."""
        before = self._stored.get(row.local)
        if before is not None and row.says_nothing_new(before):
            return Placed(before, (), "linked", changed=False)
        known = KnownRecord(row.given, elements)
        if before is None:
            placed = self._new(row, known, probes, None)
        else:
            self._near.remove(before)
            placed = self._correction(row, known, probes, before)
        self._near.add(placed.record, known, placed.keys)
        self._stored[row.local] = placed.record
        self._placed[row.local] = placed
        return placed

    def _new(
        self,
        row: Registration,
        known: KnownRecord,
        probes: Sequence[BlockingKey],
        before: SourceRecord | None,
    ) -> Placed:
        answer = self._resolver.resolve(known.elements, self._near.candidates(probes))
        decision = decide_link(answer)
        if isinstance(decision, Link):
            return self._placed_as("linked", decision.customer_id, row, known, answer, before)
        customer_id = self._ids.customer_id()
        self.new_customers.append(customer_id)
        outcome: Placement = "created" if isinstance(decision, Create) else "review"
        placed = self._placed_as(outcome, customer_id, row, known, answer, before)
        self._open_reviews(placed, answer)
        return placed

    def _correction(
        self, row: Registration, known: KnownRecord, probes: Sequence[BlockingKey], before: SourceRecord
    ) -> Placed:
        """New content of a known record. It stays with its customer where it is plainly the same person,
        as the customer's other records say or, where it is their only one, as its own old content says: a
        local ID that was given to somebody else must not carry the first person's customer ID along."""
        others = self._near.customer(before.customer_id).records
        yardstick = others or (self._resolver.known_record(before.given),)
        own = Candidates((KnownCustomer(before.customer_id, yardstick),))
        answer = self._resolver.resolve(known.elements, own)
        if answer.outcome is Outcome.NO_MATCH or (others and answer.outcome is Outcome.REVIEW):
            return self._new(row, known, probes, before)
        placed = self._placed_as("linked", before.customer_id, row, known, answer, before)
        near = self._near.candidates(probes).customers
        rivals = Candidates(tuple(c for c in near if c.customer_id != before.customer_id))
        self._open_reviews(placed, self._resolver.resolve(known.elements, rivals))
        return placed

    def _placed_as(
        self,
        outcome: Placement,
        customer_id: str,
        row: Registration,
        known: KnownRecord,
        answer: Answer,
        before: SourceRecord | None,
    ) -> Placed:
        record = SourceRecord(
            record_id=before.record_id if before else self._ids.uuid(),
            local=row.local,
            customer_id=customer_id,
            given=row.given,
            deceased=bool(row.deceased) if row.deceased is not None or before is None else before.deceased,
            version=before.version + 1 if before else 1,
            updated_at=self.now,
            verification=row.verified(before),
            attributes=row.basic_data(before),
        )
        reasons = (*answer.flags, *answer.reasons)
        return Placed(
            record, blocking_keys(known.elements), outcome, True, reasons, answer.grade, answer.model
        )

    def _open_reviews(self, placed: Placed, answer: Answer) -> None:
        """One review for each customer the record may be, where it was not linked to them."""
        if answer.outcome is Outcome.NO_MATCH:
            return
        for candidate in answer.candidates:
            if candidate.in_doubt:
                self.reviews.append(
                    Review(
                        review_id=self._ids.uuid(),
                        record_id=placed.record.record_id,
                        customer_id=placed.record.customer_id,
                        candidate_id=candidate.customer_id,
                        score=candidate.score,
                        reasons=answer.reasons,
                        model=answer.model,
                        opened_at=self.now,
                    )
                )
