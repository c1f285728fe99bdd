"""The ledger under random sequences of decisions: the fold is the index, no record is lost, no ID reused."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from app.core.index.ledger import Act, BrokenLedger, Decision, IndexState, fold

NOW = datetime(2026, 11, 21, tzinfo=UTC)


@dataclass
class Numbers:
    """IDs that are never given twice."""

    last: int = 0

    def uuid(self) -> UUID:
        self.last += 1
        return UUID(int=self.last)

    def customer(self) -> str:
        self.last += 1
        return f"C{self.last}"


@dataclass
class Ledger:
    """Decisions, folded anew each time and applied one by one."""

    numbers: Numbers = field(default_factory=Numbers)
    decisions: list[Decision] = field(default_factory=list)
    state: IndexState = field(default_factory=IndexState)

    def decide(self, act: Act, customer_id: str, **more: Any) -> Decision:
        decision = Decision(
            decision_id=self.numbers.uuid(),
            at=NOW,
            act=act,
            by="test",
            why="test",
            customer_id=customer_id,
            **more,
        )
        self.state.apply(decision)
        self.decisions.append(decision)
        return decision

    def register(self, customer_id: str | None = None) -> UUID:
        record = self.numbers.uuid()
        self.decide(Act.LINK, customer_id or self.numbers.customer(), record_id=record)
        return record

    def merge(self, survivor: str, retired: str) -> Decision:
        return self.decide(Act.MERGE, survivor, other_id=retired)

    def undo(self, merge: Decision) -> None:
        retired = merge.other_id or ""
        self.decide(Act.UNDO, self.state.survivor(retired), other_id=retired, undoes=merge.decision_id)

    def split(self, customer_id: str, leaving: set[UUID]) -> str:
        splinter = self.state.to_revive(leaving) or self.numbers.customer()
        self.decide(Act.SPLIT, customer_id, other_id=splinter)
        part = self.state.part(splinter)
        for record in sorted(leaving):
            if self.state.homes[record] not in part:
                self.decide(Act.LINK, splinter, record_id=record)
        return splinter


class Decisions(RuleBasedStateMachine):
    records = Bundle("records")
    merges = Bundle("merges")

    def __init__(self) -> None:
        super().__init__()
        self.ledger = Ledger()
        self.living: set[UUID] = set()
        self.seen: set[str] = set()

    def erased(self, *records: UUID | None) -> bool:
        """Whether one of them was: then nothing happens to it any more."""
        return any(record is not None and record not in self.ledger.state.homes for record in records)

    @rule(target=records)
    def a_new_person(self) -> UUID:
        record = self.ledger.register()
        assert self.ledger.state.homes[record] not in self.seen
        self.living.add(record)
        return record

    @rule(target=records, known=records)
    def a_person_who_is_known(self, known: UUID) -> Any:
        """Recognised by a record, a new one gets that record's home."""
        if self.erased(known):
            return multiple()
        record = self.ledger.register(self.ledger.state.homes[known])
        self.living.add(record)
        return record

    @rule(record=records, known=st.none() | records)
    def a_correction_moves_a_record(self, record: UUID, known: UUID | None) -> None:
        if self.erased(record, known):
            return
        home = self.ledger.state.homes[known] if known else self.ledger.numbers.customer()
        self.ledger.decide(Act.LINK, home, record_id=record)

    @rule(record=consumes(records))
    def a_record_is_withdrawn(self, record: UUID) -> None:
        if self.erased(record):
            return
        self.ledger.decide(Act.UNLINK, self.ledger.state.homes[record], record_id=record)
        self.living.remove(record)

    @rule(target=merges, one=records, other=records)
    def two_customers_are_one(self, one: UUID, other: UUID) -> Any:
        if self.erased(one, other):
            return multiple()
        survivor, retired = map(self.ledger.state.customer_of, (one, other))
        if survivor == retired:
            return multiple()
        together = self.ledger.state.members(survivor) | self.ledger.state.members(retired)
        merge = self.ledger.merge(survivor, retired)
        assert self.ledger.state.members(survivor) == together
        return merge

    @rule(merge=consumes(merges))
    def a_merge_is_undone(self, merge: Decision) -> None:
        state, retired = self.ledger.state, merge.other_id or ""
        edge = state.merged.get(retired)
        if edge is None or edge.merge_id != merge.decision_id:
            return  # a split brought the customer back before
        if retired in state.erased:
            with pytest.raises(BrokenLedger):
                self.ledger.undo(merge)
            return
        part = state.part(retired)
        theirs = {r for r, home in state.homes.items() if home in part}
        before = state.members(state.survivor(retired))
        survivor = state.survivor(retired)
        self.ledger.undo(merge)
        assert state.members(retired) == theirs
        assert state.members(survivor) == before - theirs

    @rule(record=records, data=st.data())
    def some_records_leave(self, record: UUID, data: st.DataObject) -> None:
        if self.erased(record):
            return
        state = self.ledger.state
        customer = state.customer_of(record)
        members = state.members(customer)
        leaving = data.draw(st.sets(st.sampled_from(sorted(members)), min_size=1))
        if leaving == members:
            return
        splinter = self.ledger.split(customer, leaving)
        assert state.members(splinter) == leaving
        assert state.members(customer) == members - leaving

    @rule(record=records)
    def a_customer_is_erased(self, record: UUID) -> None:
        """With everybody merged into them, and with nothing of anybody else."""
        if self.erased(record):
            return
        state = self.ledger.state
        customer = state.customer_of(record)
        part, theirs = state.part(customer), state.members(customer)
        rest = {r: h for r, h in state.homes.items() if r not in theirs}
        self.ledger.decide(Act.ERASE, customer)
        assert state.homes == rest
        assert part <= state.erased
        assert not any(pair & theirs for pair in state.distinct)
        self.living -= theirs

    @rule(one=records, other=records)
    def two_are_not_the_same(self, one: UUID, other: UUID) -> None:
        if self.erased(one, other):
            return
        if one != other:
            home = self.ledger.state.homes[one]
            self.ledger.decide(Act.DISTINCT, home, record_id=one, other_record_id=other)

    @invariant()
    def the_fold_is_the_index(self) -> None:
        assert fold(self.ledger.decisions) == self.ledger.state

    @invariant()
    def no_record_is_lost(self) -> None:
        state = self.ledger.state
        assert state.homes.keys() == self.living
        active = state.customers - state.merged.keys() - state.erased
        assert {record for c in active for record in state.members(c)} == self.living

    @invariant()
    def every_id_ever_given_leads_to_an_active_customer(self) -> None:
        state = self.ledger.state
        self.seen |= state.customers
        assert self.seen == state.customers
        assert not {state.survivor(c) for c in self.seen} & state.merged.keys()


Decisions.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestDecisions = Decisions.TestCase


def test_a_merge_is_undone_after_later_merges() -> None:
    """A into B, B into C; then the first is undone: A alone again, B still C's."""
    ledger = Ledger()
    a, b, c = (ledger.register() for _ in range(3))
    home = dict(ledger.state.homes)
    first = ledger.merge(home[b], home[a])
    ledger.merge(home[c], home[b])
    assert ledger.state.members(home[c]) == {a, b, c}
    ledger.undo(first)
    assert ledger.state.members(home[a]) == {a}
    assert ledger.state.members(home[c]) == {b, c}


def test_what_came_after_the_merge_goes_with_the_record_it_was_recognised_by() -> None:
    ledger = Ledger()
    a, b = ledger.register(), ledger.register()
    home = dict(ledger.state.homes)
    merge = ledger.merge(home[b], home[a])
    like_a, like_b = ledger.register(home[a]), ledger.register(home[b])
    ledger.undo(merge)
    assert ledger.state.members(home[a]) == {a, like_a}
    assert ledger.state.members(home[b]) == {b, like_b}


def test_a_split_of_exactly_the_merged_records_brings_the_id_back() -> None:
    ledger = Ledger()
    a, b = ledger.register(), ledger.register()
    home = dict(ledger.state.homes)
    merge = ledger.merge(home[b], home[a])
    assert ledger.split(home[b], {a}) == home[a]
    with pytest.raises(BrokenLedger):
        ledger.undo(merge)


def test_a_split_of_others_makes_a_new_id() -> None:
    ledger = Ledger()
    a = ledger.register()
    home = ledger.state.homes[a]
    more = ledger.register(home)
    splinter = ledger.split(home, {more})
    assert splinter != home
    assert ledger.state.members(home) == {a}


@pytest.mark.parametrize("make", ["self", "unknown", "retired", "twice"])
def test_an_impossible_merge_is_refused(make: str) -> None:
    ledger = Ledger()
    a, b, c = (ledger.state.homes[ledger.register()] for _ in range(3))
    ledger.merge(b, a)
    pair = {"self": (c, c), "unknown": (c, "C0"), "retired": (a, c), "twice": (c, a)}[make]
    with pytest.raises(BrokenLedger):
        ledger.merge(*pair)


def test_a_record_cannot_leave_a_customer_it_is_not_linked_to() -> None:
    ledger = Ledger()
    record = ledger.register()
    with pytest.raises(BrokenLedger):
        ledger.decide(Act.UNLINK, "C0", record_id=record)


def test_an_erased_customer_takes_everybody_merged_into_them_and_what_they_withdrew() -> None:
    ledger = Ledger()
    a, b, c = (ledger.register() for _ in range(3))
    home = dict(ledger.state.homes)
    merge = ledger.merge(home[b], home[a])
    ledger.decide(Act.DISTINCT, home[a], record_id=a, other_record_id=c)
    ledger.decide(Act.UNLINK, home[a], record_id=a)
    ledger.decide(Act.ERASE, home[b])
    assert ledger.state.homes == {c: home[c]}
    assert ledger.state.erased == {home[a], home[b]}
    assert ledger.state.distinct == set()
    with pytest.raises(BrokenLedger):
        ledger.undo(merge)


@pytest.mark.parametrize("act", [Act.LINK, Act.MERGE, Act.SPLIT, Act.ERASE])
def test_nothing_happens_to_an_erased_customer(act: Act) -> None:
    ledger = Ledger()
    a, other = ledger.register(), ledger.register()
    home = ledger.state.homes[a]
    ledger.decide(Act.ERASE, home)
    with pytest.raises(BrokenLedger):
        ledger.decide(act, home, record_id=other, other_id=ledger.state.homes[other])
