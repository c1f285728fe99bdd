"""Folds the ledger again and compares: the index must be what follows from its decisions."""

from dataclasses import dataclass, replace

from app.core.audit.event import Event, Kind
from app.core.index.ledger import IndexState, fold
from app.services.ports import Clock, Ids, UnitOfWork, Units

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class IndexCheck:
    """How much was compared, and what differs: IDs of records and customers, each with what is wrong."""

    records: int
    customers: int
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckIndex:
    """What changes while the ledger is read looks like a difference: then it is all read again with everybody
    else kept waiting."""

    units: Units
    clock: Clock
    ids: Ids

    async def __call__(self, client_id: str) -> IndexCheck:
        """Raises `BrokenLedger`, `StorageUnavailable`."""
        async with self.units() as unit:
            check = await _compare(unit)
            if check.differences:
                await unit.index.lock_all()
                check = await _compare(unit)
            event = Event(
                event_id=self.ids.uuid(),
                at=self.clock.now(),
                kind=Kind.INDEX_CHECK,
                outcome="different" if check.differences else "ok",
                client_id=client_id,
            )
            counts = {"records": check.records, "differences": len(check.differences)}
            unit.events.append(replace(event, detail=counts))
            await unit.commit()
        return check


async def _compare(unit: UnitOfWork) -> IndexCheck:
    state = fold([decision async for decision in unit.ledger.all()])
    records, wrong = await _records(unit, state)
    wrong += await _customers(unit, state)
    wrong += await _pairs(unit, state)
    erased = {entry.customer_id for entry in await unit.erasures.erased()}
    wrong += [f"customer {c}: erased by no decision" for c in sorted(erased - state.erased)]
    wrong += [f"customer {c}: erased by a decision, but there" for c in sorted(state.erased - erased)]
    return IndexCheck(records, len(state.customers), tuple(wrong))


async def _records(unit: UnitOfWork, state: IndexState) -> tuple[int, list[str]]:
    count, wrong, missing = 0, list[str](), dict(state.homes)
    async for record_id, customer_id, home in unit.customers.homes():
        count += 1
        expected = missing.pop(record_id, None)
        if expected is None:
            wrong.append(f"record {record_id}: no decision links it")
        elif (home, customer_id) != (expected, state.survivor(expected)):
            wrong.append(f"record {record_id}: linked otherwise than decided")
    wrong += [f"record {record_id}: linked by a decision, but not there" for record_id in missing]
    return count, wrong


async def _customers(unit: UnitOfWork, state: IndexState) -> list[str]:
    wrong, missing = list[str](), dict(state.merged)
    async for customer in unit.customers.retired():
        edge = missing.pop(customer.customer_id, None)
        if edge is None:
            wrong.append(f"customer {customer.customer_id}: retired by no decision")
        elif (customer.merged_into, customer.merge_id, customer.survivor_id) != (
            edge.into,
            edge.merge_id,
            state.survivor(customer.customer_id),
        ):
            wrong.append(f"customer {customer.customer_id}: leads elsewhere than decided")
    return wrong + [f"customer {customer_id}: merged by a decision, but active" for customer_id in missing]


async def _pairs(unit: UnitOfWork, state: IndexState) -> list[str]:
    """Every pair that was decided to be two people is remembered."""
    decided = sorted({record for pair in state.distinct for record in pair})
    held = set[frozenset[object]]()
    for start in range(0, len(decided), _AT_ONCE):
        found = await unit.reviews.pairs_of(decided[start : start + _AT_ONCE])
        held |= {frozenset({pair.record_id, pair.other_record_id}) for pair in found}
    return [
        f"records {' and '.join(map(str, sorted(pair)))}: decided to be two people, but not remembered"
        for pair in state.distinct
        if pair not in held
    ]
