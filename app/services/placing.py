"""Where each record of a batch belongs: decisions, gathered until they are written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal
from uuid import UUID

from app.core.identity.elements import GivenElements, IdentityElements
from app.core.index.attributes import Attribute, Verification
from app.core.index.change import ChangeKind
from app.core.index.customer import LocalId, Review, ReviewStatus, SourceRecord
from app.core.index.ledger import Act
from app.core.index.linking import Create, Link, decide_link
from app.core.matching.answer import Answer, Candidates, KnownCustomer, KnownRecord, Outcome
from app.core.matching.blocking_key import BlindKey
from app.services.decided_pairs import DecidedPairs
from app.services.index_journal import IndexJournal, evidence_of
from app.services.neighbourhood import Neighbourhood
from app.services.resolver import Resolver

_NOTHING = IdentityElements(None, None, None, None)
_NO_CANDIDATES = Candidates(())

ANY_VERSION = -1
"""`if_version` for "whatever it is, but there must be one" (If-Match: *)."""

Placement = Literal["linked", "created", "review"]


@dataclass(frozen=True, slots=True)
class Registration:
    """What a source system says of one person. `deceased`, `verification` or `attributes` None: it does not
    say, and what it said before still holds. `if_version`: only in place of that version."""

    local: LocalId
    given: GivenElements
    deceased: bool | None = None
    verification: Verification | None = None
    attributes: tuple[Attribute, ...] | None = None
    if_version: int | None = None

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
class Prepared:
    """A registration with all that can be known of it beforehand: the keys to look under, the keys to be
    stored under, and the keyed digest of the five elements."""

    row: Registration
    probes: tuple[BlindKey, ...]
    keys: tuple[BlindKey, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A record with its customer. `outcome`: linked, created or review; not `changed`: nothing to write."""

    record: SourceRecord
    prepared: Prepared
    outcome: Placement
    changed: bool
    reasons: tuple[str, ...] = ()
    grade: str | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored about the records of a batch, and what is still asked or was decided about them."""

    stored: dict[LocalId, SourceRecord]
    unsettled: Mapping[UUID, Sequence[Review]] = field(default_factory=dict)
    decided: DecidedPairs = field(default_factory=DecidedPairs)


class Placing:
    """Places records one by one; `new_customers`, `reviews`, `superseded`, `latest()` and what the journal
    has collected are to be written."""

    def __init__(self, resolver: Resolver, near: Neighbourhood, known: Known, journal: IndexJournal) -> None:
        self.now = journal.now
        self.new_customers: list[str] = []
        self.reviews: list[Review] = []
        self.superseded: list[Review] = []
        self._resolver = resolver
        self._ids = journal.ids
        self._near = near
        self._known = known
        self._journal = journal
        self._placed: dict[LocalId, Placed] = {}
        self._nobody = resolver.resolve(_NOTHING, _NO_CANDIDATES)

    def latest(self) -> list[Placed]:
        """The last content of each record that changed."""
        return list(self._placed.values())

    def place(self, prepared: Prepared) -> Placed:
        """Decides about one row; later rows see the effect."""
        row = prepared.row
        before = self._known.stored.get(row.local)
        if before is not None and row.says_nothing_new(before):
            return Placed(before, prepared, "linked", changed=False)
        old = self._near.records(before.customer_id) if before else []
        if before is None:
            placed = self._new(prepared, None)
        else:
            self._near.remove(before)
            placed = self._correction(prepared, before)
        mine = self._near.records(placed.record.customer_id)
        self._near.add(placed.record, prepared.keys)
        self._known.stored[row.local] = placed.record
        self._placed[row.local] = placed
        self._tell(placed, before, old, mine)
        return placed

    def _tell(
        self, placed: Placed, before: SourceRecord | None, old: list[SourceRecord], mine: list[SourceRecord]
    ) -> None:
        """Lines for followers. `old`: the records of the customer whom the record had before, with it;
        `mine`: those of the customer whom it has now, without it."""
        record, journal = placed.record, self._journal
        stays = before is not None and before.customer_id == record.customer_id
        if before is not None and not stays:
            journal.tell(ChangeKind.UNLINKED, before.customer_id, before.local)
            journal.compare(before.customer_id, old, self._near.records(before.customer_id))
        if not stays:
            created = placed.outcome != "linked"
            kind = ChangeKind.CREATED if created else ChangeKind.LINKED
            journal.tell(kind, record.customer_id, record.local)
        journal.compare(record.customer_id, old if stays else mine, [*mine, record])

    def _new(self, prepared: Prepared, before: SourceRecord | None) -> Placed:
        row = prepared.row
        record_id = before.record_id if before else self._ids.uuid()
        near = self._undecided(record_id, row, self._near.candidates(prepared.probes))
        answer = self._resolve(row, near)
        decision = decide_link(answer)
        if isinstance(decision, Link):
            home = self._near.home_of(decision.customer_id, answer.candidates[0].record)
            record = self._record(record_id, row, before, decision.customer_id, home)
            return self._linked(record, prepared, answer, "matched")
        customer_id = self._ids.customer_id()
        self.new_customers.append(customer_id)
        record = self._record(record_id, row, before, customer_id, customer_id)
        doubtful = not isinstance(decision, Create)
        placed = self._linked(record, prepared, answer, "doubtful" if doubtful else "new")
        self._open_reviews(placed, answer)
        return replace(placed, outcome="review" if doubtful else "created")

    def _correction(self, prepared: Prepared, before: SourceRecord) -> Placed:
        """New content of a known record. Where the five elements are what they were there is nothing to
        decide, and nothing to ask again."""
        row = prepared.row
        record = self._record(before.record_id, row, before, before.customer_id, before.home)
        if row.given == before.given:
            return self._linked(record, prepared, None, "unchanged_elements")
        self._supersede(before.record_id)
        answer, elsewhere = self._still_own(row, before), self._elsewhere(prepared, before)
        if answer is None or self._is_found(elsewhere, before):
            return self._new(prepared, before)
        placed = self._linked(record, prepared, answer, "corrected")
        self._open_reviews(placed, elsewhere)
        return placed if elsewhere.outcome is Outcome.NO_MATCH else replace(placed, outcome="review")

    def _elsewhere(self, prepared: Prepared, before: SourceRecord) -> Answer:
        """Who else the new content may be."""
        row = prepared.row
        near = self._undecided(before.record_id, row, self._near.candidates(prepared.probes)).customers
        return self._resolve(row, Candidates(tuple(c for c in near if c.customer_id != before.customer_id)))

    def _resolve(self, row: Registration, near: Candidates) -> Answer:
        """Most people of a file are new and near nobody: their elements need not be understood again. And
        whoever is plainly somebody else is no evidence for the decision."""
        if near == _NO_CANDIDATES:
            return self._nobody
        return self._resolver.resolve(self._resolver.understand(row.given), near, brief=True)

    def _is_found(self, elsewhere: Answer, before: SourceRecord) -> bool:
        """Somebody was registered before their ID number was known, and now it says who they are. The record
        goes to that customer: left alone, it would be the rival that keeps them from ever matching again."""
        alone = not self._near.customer(before.customer_id).records
        return alone and elsewhere.outcome is Outcome.MATCH

    def _still_own(self, row: Registration, before: SourceRecord) -> Answer | None:
        """It stays with its customer where it is plainly the same person, as the customer's other records
        say: a local ID that was given to somebody else must not carry the first person's customer ID along.
        Where it is their only record, or a steward joined it to those others against their likeness, its own
        old content says so. None: it does not stay."""
        known = self._resolver.known_record(row.given)
        others = self._near.customer(before.customer_id).records
        old = self._resolver.known_record(before.given)
        if others:
            answer = self._compare(known, before.customer_id, others)
            if answer.outcome is Outcome.MATCH:
                return answer
            if self._compare(old, before.customer_id, others).outcome is Outcome.MATCH:
                return None
        answer = self._compare(known, before.customer_id, (old,))
        return None if answer.outcome is Outcome.NO_MATCH else answer

    def _compare(self, known: KnownRecord, customer_id: str, with_: tuple[KnownRecord, ...]) -> Answer:
        return self._resolver.resolve(known.elements, Candidates((KnownCustomer(customer_id, with_),)))

    def _record(
        self, record_id: UUID, row: Registration, before: SourceRecord | None, customer_id: str, home: str
    ) -> SourceRecord:
        return SourceRecord(
            record_id=record_id,
            local=row.local,
            customer_id=customer_id,
            given=row.given,
            deceased=bool(row.deceased) if row.deceased is not None or before is None else before.deceased,
            version=before.version + 1 if before else 1,
            updated_at=self.now,
            verification=row.verified(before),
            attributes=row.basic_data(before),
            home_id=home if home != customer_id else None,
        )

    def _linked(self, record: SourceRecord, prepared: Prepared, answer: Answer | None, why: str) -> Placed:
        """A record with its home, and the decision that gave it that home."""
        more = {"model": answer.model, "evidence": evidence_of(answer)} if answer else {}
        self._journal.decide(Act.LINK, record.home, why, record_id=record.record_id, **more)
        if answer is None:
            return Placed(record, prepared, "linked", True)
        reasons = (*answer.flags, *answer.reasons)
        return Placed(record, prepared, "linked", True, reasons, answer.grade, answer.model)

    def _undecided(self, record_id: UUID, row: Registration, near: Candidates) -> Candidates:
        """The candidates but for those whom a steward found to be somebody else."""
        return replace(
            near,
            customers=tuple(
                customer
                for customer in near.customers
                if not self._known.decided.distinct(
                    record_id, row.given, self._near.records(customer.customer_id)
                )
            ),
        )

    def _supersede(self, record_id: UUID) -> None:
        """The elements are others now: whatever was asked about the old ones no longer stands."""
        self.superseded += [
            replace(review, status=ReviewStatus.SUPERSEDED)
            for review in self._known.unsettled.get(record_id, ())
        ]
        self.reviews = [review for review in self.reviews if review.record_id != record_id]

    def _open_reviews(self, placed: Placed, answer: Answer) -> None:
        """One review for each customer the record may be, where it was not linked to them."""
        for candidate in answer.candidates:
            certain = candidate.customer_id == answer.customer_id
            if (candidate.in_doubt or certain) and answer.outcome is not Outcome.NO_MATCH:
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
