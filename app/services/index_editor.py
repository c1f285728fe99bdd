"""Changes of who is who, made while nobody else changes the index: merge, undo, split, withdraw, relink."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.core.identity.elements import GivenElements
from app.core.index.change import ChangeKind
from app.core.index.customer import Customer, DistinctPair, Review, ReviewStatus, SourceRecord
from app.core.index.ledger import Act, Decision
from app.services.end_tokens import end_tokens
from app.services.errors import CustomerErased, NotFound, NotPossible
from app.services.index_journal import IndexJournal
from app.services.index_state import index_state
from app.services.keep_objections import keep_objections
from app.services.ports import UnitOfWork

Evidence = Mapping[str, object] | None

NO_DIGEST = ""
"""Of no elements at all: a pair under it holds for nobody."""


@dataclass(frozen=True, slots=True)
class IndexEditor:
    """Edits within a unit of work that holds every lock. `digest` is a keyed digest of the five elements."""

    unit: UnitOfWork
    journal: IndexJournal
    digest: Callable[[GivenElements], str]

    async def active(self, customer_id: str) -> Customer:
        """A customer who can be changed. Raises `NotFound`, `CustomerErased`, `NotPossible`."""
        customer = (await self.unit.customers.get([customer_id])).get(customer_id)
        if customer is None:
            raise NotFound("There is no customer with that ID.")
        if customer.erased_at is not None:
            raise CustomerErased
        if not customer.active:
            raise NotPossible(f"This customer was merged; they are known as {customer.known_as}.")
        return customer

    async def merge(self, survivor_id: str, retired_id: str, why: str, evidence: Evidence) -> Decision:
        """Two active customers become one. Nobody's home changes, only what the retired one is known as."""
        if survivor_id == retired_id:
            raise NotPossible("A customer cannot be merged with themselves.")
        for customer_id in (survivor_id, retired_id):
            await self.active(customer_id)
        decision = self.journal.decide(Act.MERGE, survivor_id, why, other_id=retired_id, evidence=evidence)
        below = await self.unit.customers.retired_into(retired_id)
        retired = Customer(retired_id, survivor_id, decision.decision_id, survivor_id)
        self.unit.customers.put([retired, *(replace(c, survivor_id=survivor_id) for c in below)])
        theirs, moving = await self._records(survivor_id), await self._records(retired_id)
        moved = [record.moved(record.home, survivor_id) for record in moving]
        self.unit.customers.move(moved)
        await self.end_tokens(survivor_id, retired_id)
        await self._supersede_within(survivor_id, retired_id, below)
        self.journal.tell(ChangeKind.MERGED, survivor_id, other_id=retired_id)
        self.journal.compare(survivor_id, theirs, [*theirs, *moved])
        return decision

    async def undo(self, merge_id: UUID, why: str, evidence: Evidence) -> Decision:
        """The retired customer comes back with everybody who was merged into them and every record that has
        its home there. Raises `NotFound`, `CustomerErased`, `NotPossible`."""
        merge = await self.unit.ledger.get(merge_id)
        if merge is None or merge.act is not Act.MERGE or merge.other_id is None:
            raise NotFound("There is no merge with that ID.")
        retired = (await self.unit.customers.get([merge.other_id]))[merge.other_id]
        if retired.erased_at is not None:
            raise CustomerErased
        if retired.merge_id != merge_id:
            raise NotPossible("This merge does not hold any more.")
        decision = self.journal.decide(
            Act.UNDO,
            retired.known_as,
            why,
            other_id=retired.customer_id,
            undoes=merge_id,
            evidence=evidence,
        )
        await self._revive(retired.known_as, retired.customer_id)
        await keep_objections(
            self.unit, retired.known_as, retired.customer_id, merge.at, self.journal.ids.uuid
        )
        return decision

    async def split(
        self, customer_id: str, leaving: Collection[SourceRecord], why: str, evidence: Evidence
    ) -> Decision:
        """Some of a customer's records become another's: the one's who was merged into this one, where they
        are exactly theirs, else a new one's."""
        state = await index_state(self.unit, customer_id)
        splinter = state.to_revive({record.record_id for record in leaving})
        to = splinter or self.journal.ids.customer_id()
        decision = self.journal.decide(Act.SPLIT, customer_id, why, other_id=to, evidence=evidence)
        if splinter is not None:
            await self._revive(customer_id, splinter)
            await keep_objections(self.unit, customer_id, splinter, None, self.journal.ids.uuid)
            return decision
        self.unit.index.add_customers([to], self.journal.now)
        await keep_objections(self.unit, customer_id, to, None, self.journal.ids.uuid)
        for record in leaving:
            self.journal.decide(Act.LINK, to, why, record_id=record.record_id)
        moved = [record.moved(to, to) for record in leaving]
        self.unit.index.rehome(moved)
        await self._leave(customer_id, to, moved, (to,))
        return decision

    async def withdraw(self, record: SourceRecord, why: str) -> Decision:
        """A record leaves the index; its history stays."""
        decision = self.journal.decide(Act.UNLINK, record.home, why, record_id=record.record_id)
        before = await self._records(record.customer_id)
        self.unit.index.withdraw_records([record], self.journal.now)
        await self._supersede(await self.unit.reviews.unsettled_of_records([record.record_id]))
        self.journal.tell(ChangeKind.UNLINKED, record.customer_id, record.local)
        after = [r for r in before if r.record_id != record.record_id]
        self.journal.compare(record.customer_id, before, after)
        return decision

    async def relink(self, record: SourceRecord, home: str, customer_id: str, why: str) -> Decision:
        """A record becomes another active customer's, whose part `home` is."""
        decision = self.journal.decide(Act.LINK, home, why, record_id=record.record_id)
        old, theirs = await self._records(record.customer_id), await self._records(customer_id)
        moved = record.moved(home, customer_id)
        self.unit.index.rehome([moved])
        await self.end_tokens(record.customer_id, customer_id)
        self.journal.tell(ChangeKind.UNLINKED, record.customer_id, record.local)
        self.journal.tell(ChangeKind.LINKED, customer_id, record.local)
        remaining = [r for r in old if r.record_id != record.record_id]
        self.journal.compare(record.customer_id, old, remaining)
        self.journal.compare(customer_id, theirs, [*theirs, moved])
        return decision

    async def distinguish(self, one: str, other: str, why: str, evidence: Evidence) -> None:
        """Each record of one customer is another person's than each of the other's."""
        pairs: list[DistinctPair] = []
        right = await self._records(other)
        for left in await self._records(one):
            for record in right:
                decision = self.journal.decide(
                    Act.DISTINCT,
                    left.home,
                    why,
                    record_id=left.record_id,
                    other_record_id=record.record_id,
                    evidence=evidence,
                    also_about=(record.home,),
                )
                digests = (self.digest(left.given), self.digest(record.given))
                pair = DistinctPair(left.record_id, record.record_id, *digests, decision.decision_id)
                pairs.append(pair)
        self.unit.reviews.add_pairs(pairs)

    def reconsider(self, pairs: Sequence[Decision], why: str, evidence: Evidence) -> None:
        """What `distinct` decisions said is open again."""
        released: list[DistinctPair] = []
        for pair in pairs:
            if pair.record_id is None or pair.other_record_id is None:
                continue
            decision = self.journal.decide(
                Act.RECONSIDER,
                pair.customer_id,
                why,
                record_id=pair.record_id,
                other_record_id=pair.other_record_id,
                undoes=pair.decision_id,
                evidence=evidence,
            )
            ids = (pair.record_id, pair.other_record_id)
            released.append(DistinctPair(*ids, NO_DIGEST, NO_DIGEST, decision.decision_id))
        self.unit.reviews.add_pairs(released)

    async def _revive(self, root: str, retired_id: str) -> None:
        state = await index_state(self.unit, root)
        part = state.part(retired_id)
        edges = state.merged
        below = [
            Customer(c, edges[c].into, edges[c].merge_id, retired_id) for c in sorted(part - {retired_id})
        ]
        self.unit.customers.put([Customer(retired_id), *below])
        records = await self._records(root)
        moved = [record.moved(record.home, retired_id) for record in records if record.home in part]
        self.unit.customers.move(moved)
        await self._leave(root, retired_id, moved, tuple(sorted(part)))

    async def _leave(self, root: str, to: str, moved: Sequence[SourceRecord], homes: tuple[str, ...]) -> None:
        before = await self._records(root)
        gone = {record.record_id for record in moved}
        await self.end_tokens(root, to)
        self.journal.tell(ChangeKind.SPLIT, root, other_id=to, homes=homes)
        self.journal.compare(root, before, [r for r in before if r.record_id not in gone])
        self.journal.compare(to, [], moved)

    async def _records(self, customer_id: str) -> list[SourceRecord]:
        return await self.unit.index.records_of([customer_id])

    async def end_tokens(self, *customer_ids: str) -> None:
        """Every token of theirs that was issued until now."""
        await end_tokens(self.unit, customer_ids, self.journal.now)

    async def _supersede_within(self, survivor: str, retired: str, below: Sequence[Customer]) -> None:
        """What was asked between those who are one customer now is answered."""
        others = await self.unit.customers.retired_into(survivor)
        family = {survivor, retired, *(c.customer_id for c in (*below, *others))}
        asked = await self.unit.reviews.unsettled_of_customers(sorted(family))
        await self._supersede([r for r in asked if {r.customer_id, r.candidate_id} <= family])

    async def _supersede(self, reviews: Sequence[Review]) -> None:
        self.unit.reviews.put([replace(review, status=ReviewStatus.SUPERSEDED) for review in reviews])
