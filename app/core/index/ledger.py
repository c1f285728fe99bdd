"""The ledger of identity decisions, and the index that follows from it.

Every decision is kept for ever; the index is their fold. What makes any merge undoable at any later time is
that a record keeps its **home**: the customer it was linked to. A merge only says that one customer is now
known under another's ID; it moves nobody. So when the merge is undone, each record goes back with its home,
whatever was merged, linked or split meanwhile.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Act(StrEnum):
    """What a decision does."""

    LINK = "link"
    UNLINK = "unlink"
    MERGE = "merge"
    UNDO = "undo"
    SPLIT = "split"
    DISTINCT = "distinct"
    ERASE = "erase"
    RECONSIDER = "reconsider"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who decided what, when, why and on which evidence. `why` is a stable code, `model` the model's version.

    - link: `record_id` has its home at `customer_id`; a customer begins with their first link
    - unlink: `record_id` was withdrawn from its home `customer_id`
    - merge: `other_id` is from now on known as `customer_id`
    - undo: the merge `undoes` no longer holds; `other_id` is a customer of their own again, beside
      `customer_id`, whom they were part of until now
    - split: some of `customer_id`'s records are from now on `other_id`'s, a new customer or one that comes
      back to life; links of the records that move follow it
    - distinct: `record_id` and `other_record_id` were found to be two people
    - erase: nothing but the IDs is left of `customer_id` and of everybody who was merged into them
    - reconsider: that they are two people was taken back; it is open again

    `also_about`: whom else the evidence of a new decision is about, beside the two customers; not kept.
    """

    decision_id: UUID
    at: datetime
    act: Act
    by: str
    why: str
    customer_id: str
    other_id: str | None = None
    record_id: UUID | None = None
    other_record_id: UUID | None = None
    undoes: UUID | None = None
    actor: str | None = None
    model: str | None = None
    evidence: Mapping[str, object] | None = None
    also_about: tuple[str, ...] = field(default=(), compare=False)


class BrokenLedger(Exception):  # noqa: N818 - a state
    """A decision that could not follow from those before it."""

    def __init__(self, decision: Decision, reason: str) -> None:
        super().__init__(f"{decision.act} {decision.decision_id}: {reason}")


@dataclass(frozen=True, slots=True)
class Merged:
    """Where a retired customer is found, and by which decision."""

    into: str
    merge_id: UUID


@dataclass(slots=True)
class IndexState:
    """The index, whole or one customer's part of it.

    `homes`: record → the customer it was linked to. `merged`: retired customer → whom they were merged into,
    who may be retired too. `distinct`: pairs of records that are two people. `withdrawn`: record → its last
    home. `erased`: customers of whom nothing is left but the ID.
    """

    homes: dict[UUID, str] = field(default_factory=dict)
    merged: dict[str, Merged] = field(default_factory=dict)
    customers: set[str] = field(default_factory=set)
    distinct: set[frozenset[UUID]] = field(default_factory=set)
    withdrawn: dict[UUID, str] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)

    def survivor(self, customer_id: str) -> str:
        """Under which ID a customer is known."""
        while (edge := self.merged.get(customer_id)) is not None:
            customer_id = edge.into
        return customer_id

    def customer_of(self, record_id: UUID) -> str:
        """Whose a record is. Raises `KeyError` for one that is not linked."""
        return self.survivor(self.homes[record_id])

    def members(self, customer_id: str) -> set[UUID]:
        """The records of an active customer."""
        return {record for record, home in self.homes.items() if self.survivor(home) == customer_id}

    def part(self, customer_id: str) -> frozenset[str]:
        """A customer with everybody who was merged into them, directly or not: whom an undo would revive."""
        return frozenset(c for c in (*self.merged, customer_id) if customer_id in self._path(c))

    def to_revive(self, leaving: Collection[UUID]) -> str | None:
        """The retired customer whom the records of a split are, where they are exactly theirs."""
        homes = {self.homes[record] for record in leaving}
        for candidate in sorted(homes & self.merged.keys()):
            part = self.part(candidate)
            if {record for record, home in self.homes.items() if home in part} == set(leaving):
                return candidate
        return None

    def apply(self, decision: Decision) -> None:
        """One more decision. Raises `BrokenLedger`."""
        _APPLY[decision.act](self, decision)
        if decision.act is Act.ERASE:
            self.sweep()

    def records_within(self, customer_ids: Collection[str]) -> set[UUID]:
        """The records whose home, or last home, is one of these customers."""
        everywhere = (*self.homes.items(), *self.withdrawn.items())
        return {record for record, home in everywhere if home in customer_ids}

    def sweep(self) -> None:
        """Drops the records of who was erased."""
        gone = self.records_within(self.erased)
        for record in gone:
            self.homes.pop(record, None)
            self.withdrawn.pop(record, None)
        self.distinct = {pair for pair in self.distinct if not pair & gone}

    def _path(self, customer_id: str) -> tuple[str, ...]:
        path = [customer_id]
        while (edge := self.merged.get(path[-1])) is not None:
            path.append(edge.into)
        return tuple(path)


def fold(decisions: Iterable[Decision]) -> IndexState:
    """The index that follows from decisions in their order. Raises `BrokenLedger`."""
    state = IndexState()
    for decision in decisions:
        _APPLY[decision.act](state, decision)
    state.sweep()  # once: an erased customer gets no record any more
    return state


def _link(state: IndexState, decision: Decision) -> None:
    if decision.customer_id in state.erased:
        raise BrokenLedger(decision, "the customer was erased")
    state.homes[_record(decision)] = decision.customer_id
    state.customers.add(decision.customer_id)


def _unlink(state: IndexState, decision: Decision) -> None:
    if state.homes.pop(_record(decision), None) != decision.customer_id:
        raise BrokenLedger(decision, "the record was not linked to that customer")
    state.withdrawn[_record(decision)] = decision.customer_id


def _merge(state: IndexState, decision: Decision) -> None:
    survivor, retired = decision.customer_id, _other(decision)
    if survivor == retired or not {survivor, retired} <= state.customers:
        raise BrokenLedger(decision, "it takes two customers")
    if {survivor, retired} & (state.merged.keys() | state.erased):
        raise BrokenLedger(decision, "both must be active")
    state.merged[retired] = Merged(survivor, decision.decision_id)


def _undo(state: IndexState, decision: Decision) -> None:
    edge = state.merged.get(_other(decision))
    if edge is None or edge.merge_id != decision.undoes:
        raise BrokenLedger(decision, "the merge does not hold")
    if _other(decision) in state.erased:
        raise BrokenLedger(decision, "the customer was erased")
    del state.merged[_other(decision)]


def _split(state: IndexState, decision: Decision) -> None:
    splinter = _other(decision)
    if decision.customer_id in state.merged or decision.customer_id in state.erased:
        raise BrokenLedger(decision, "the customer must be active")
    if splinter in state.customers and state.survivor(splinter) != decision.customer_id:
        raise BrokenLedger(decision, "the splinter is somebody else's ID")
    state.merged.pop(splinter, None)
    state.customers.add(splinter)


def _distinct(state: IndexState, decision: Decision) -> None:
    other = decision.other_record_id
    if other is None or other == decision.record_id:
        raise BrokenLedger(decision, "it takes two records")
    state.distinct.add(frozenset({_record(decision), other}))


def _erase(state: IndexState, decision: Decision) -> None:
    customer = decision.customer_id
    if customer not in state.customers or customer in state.merged or customer in state.erased:
        raise BrokenLedger(decision, "the customer must be active")
    state.erased |= state.part(customer)


def _reconsider(state: IndexState, decision: Decision) -> None:
    if decision.other_record_id is None:
        raise BrokenLedger(decision, "it takes two records")
    state.distinct.discard(frozenset({_record(decision), decision.other_record_id}))


def _record(decision: Decision) -> UUID:
    if decision.record_id is None:
        raise BrokenLedger(decision, "it names no record")
    return decision.record_id


def _other(decision: Decision) -> str:
    if decision.other_id is None:
        raise BrokenLedger(decision, "it names no other customer")
    return decision.other_id


_APPLY = {
    Act.LINK: _link,
    Act.UNLINK: _unlink,
    Act.MERGE: _merge,
    Act.UNDO: _undo,
    Act.SPLIT: _split,
    Act.DISTINCT: _distinct,
    Act.ERASE: _erase,
    Act.RECONSIDER: _reconsider,
}
