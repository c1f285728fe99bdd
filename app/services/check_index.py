"""Folds the ledger again and compares: the index must be what follows from its decisions."""

from dataclasses import dataclass, field
from uuid import UUID

from app.core.audit.event import Kind
from app.core.index.change import ChangeKind
from app.core.index.customer import Customer
from app.core.index.ledger import IndexState, fold
from app.services.context import Origin
from app.services.index_journal import Actor, IndexJournal
from app.services.operator_log import OperatorLog
from app.services.ports import UnitOfWork, Units

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class IndexCheck:
    """How much was compared, and what differs: IDs of records and customers, each with what is wrong.
    `repaired`: how many of them are right again."""

    records: int
    customers: int
    differences: tuple[str, ...]
    repaired: int = 0


@dataclass(slots=True)
class _Comparison:
    """`moves`: record → the home and customer that follow from the ledger; `edges`: customers as they follow
    from it; `strayed`: those of them who are found under a wrong ID today, with that ID."""

    state: IndexState
    records: int = 0
    wrong: list[str] = field(default_factory=list)
    moves: dict[UUID, tuple[str, str]] = field(default_factory=dict)
    edges: list[Customer] = field(default_factory=list)
    strayed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CheckIndex:
    """What changes while the ledger is read looks like a difference: then it is all read again with everybody
    else kept waiting."""

    units: Units
    log: OperatorLog

    async def __call__(self, client_id: str, *, repair: bool = False) -> IndexCheck:
        """With `repair`, records and customers are put where the ledger says. What it cannot say is only
        told: the content of a record that is not there, and what a steward saw of two people.

        Raises `BrokenLedger`, `StorageUnavailable`, `Conflict`.
        """
        async with self.units() as unit:
            found = await _compare(unit)
            if found.wrong:
                await unit.index.lock_all()
                found = await _compare(unit)
            repaired = await self._repair(unit, found, client_id) if repair else 0
            outcome = "repaired" if repaired else "different" if found.wrong else "ok"
            counts = {"records": found.records, "differences": len(found.wrong)}
            detail = {**counts, "repaired": repaired} if repaired else counts
            unit.events.append(self.log.event(client_id, Kind.INDEX_CHECK, outcome, detail=detail))
            await unit.commit()
        return IndexCheck(found.records, len(found.state.customers), tuple(found.wrong), repaired)

    async def _repair(self, unit: UnitOfWork, found: _Comparison, client_id: str) -> int:
        """Followers are told as of any other change, and tokens end with what they were issued on."""
        journal = IndexJournal(self.log.ids, self.log.clock.now(), Actor(client_id, Origin()))
        touched = {customer.customer_id for customer in found.edges}
        for customer in found.edges:
            if customer.merged_into is not None:
                journal.tell(ChangeKind.MERGED, customer.known_as, other_id=customer.customer_id)
            else:
                homes = tuple(sorted(found.state.part(customer.customer_id)))
                old = found.strayed[customer.customer_id]
                journal.tell(ChangeKind.SPLIT, old, other_id=customer.customer_id, homes=homes)
        records = await unit.index.records_by_id(list(found.moves))
        moved = [record.moved(*found.moves[record.record_id]) for record in records]
        for before, after in zip(records, moved, strict=True):
            if before.customer_id != after.customer_id:
                journal.tell(ChangeKind.UNLINKED, before.customer_id, before.local)
                journal.tell(ChangeKind.LINKED, after.customer_id, after.local)
            touched |= {before.customer_id, after.customer_id}
        unit.index.rehome(moved)
        unit.customers.put(found.edges)
        unit.customers.end_tokens(sorted(touched), journal.now)
        journal.write(unit)
        return len(moved) + len(found.edges)


async def _compare(unit: UnitOfWork) -> _Comparison:
    found = _Comparison(fold([decision async for decision in unit.ledger.all()]))
    await _records(unit, found)
    await _customers(unit, found)
    await _pairs(unit, found)
    decided, erased = found.state.erased, {entry.customer_id for entry in await unit.erasures.erased()}
    found.wrong += [f"customer {c}: erased by no decision" for c in sorted(erased - decided)]
    found.wrong += [f"customer {c}: erased by a decision, but there" for c in sorted(decided - erased)]
    return found


async def _records(unit: UnitOfWork, found: _Comparison) -> None:
    state, missing = found.state, dict(found.state.homes)
    async for record_id, customer_id, home in unit.customers.homes():
        found.records += 1
        expected = missing.pop(record_id, None)
        if expected is None:
            found.wrong.append(f"record {record_id}: no decision links it")
        elif (home, customer_id) != (expected, state.survivor(expected)):
            found.wrong.append(f"record {record_id}: linked otherwise than decided")
            found.moves[record_id] = (expected, state.survivor(expected))
    found.wrong += [f"record {record_id}: linked by a decision, but not there" for record_id in missing]


async def _customers(unit: UnitOfWork, found: _Comparison) -> None:
    missing = dict(found.state.merged)
    async for customer in unit.customers.retired():
        missing.pop(customer.customer_id, None)
        expected = _decided(customer.customer_id, found.state)
        if _place(customer) == _place(expected):
            continue
        retired = expected.merged_into is not None
        what = "leads elsewhere than decided" if retired else "retired by no decision"
        found.wrong.append(f"customer {customer.customer_id}: {what}")
        found.edges.append(expected)
        found.strayed[customer.customer_id] = customer.known_as
    for customer_id in missing:
        found.wrong.append(f"customer {customer_id}: merged by a decision, but active")
        found.edges.append(_decided(customer_id, found.state))


def _place(customer: Customer) -> tuple[object, ...]:
    return customer.merged_into, customer.merge_id, customer.survivor_id


def _decided(customer_id: str, state: IndexState) -> Customer:
    """Where the ledger says that a customer is found."""
    edge = state.merged.get(customer_id)
    if edge is None:
        return Customer(customer_id)
    return Customer(customer_id, edge.into, edge.merge_id, state.survivor(customer_id))


async def _pairs(unit: UnitOfWork, found: _Comparison) -> None:
    """Every pair that was decided to be two people is remembered."""
    state = found.state
    decided = sorted({record for pair in state.distinct for record in pair})
    held = set[frozenset[object]]()
    for start in range(0, len(decided), _AT_ONCE):
        pairs = await unit.reviews.pairs_of(decided[start : start + _AT_ONCE])
        held |= {frozenset({pair.record_id, pair.other_record_id}) for pair in pairs}
    found.wrong += [
        f"records {' and '.join(map(str, sorted(pair)))}: decided to be two people, but not remembered"
        for pair in state.distinct
        if pair not in held
    ]
