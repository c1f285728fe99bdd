"""The ledger is folded again and compared, after all that can happen to an index."""

from dataclasses import dataclass
from typing import Any

import pytest

from app.adapters.db.database import Database
from app.core.identity.elements import GivenElements
from app.core.index.change import ChangeKind
from app.core.index.customer import Customer, LocalId, SourceRecord
from app.core.index.ledger import Act
from app.services.check_index import CheckIndex
from app.services.context import Origin
from app.services.index_journal import Actor, IndexJournal
from app.services.operator_log import OperatorLog
from app.services.ports import Clock, Ids

GIVEN = GivenElements("王丽华", "female", "1980-02-29", "01", "110101198002290026")


@pytest.fixture
def check(database: Database, clock: Clock, ids: Ids) -> CheckIndex:
    return CheckIndex(database.units, OperatorLog(database.units, clock, ids))


async def test_an_empty_index_is_sound(check: CheckIndex) -> None:
    found = await check("operator:cli")
    assert (found.records, found.customers, found.differences) == (0, 0, ())


async def test_a_customer_who_leads_elsewhere_than_decided_is_found(
    check: CheckIndex, database: Database, clock: Clock, ids: Ids, events: Any
) -> None:
    one, two = ids.customer_id(), ids.customer_id()
    async with database.units() as unit:
        unit.index.add_customers([one, two], clock.now())
        await unit.commit()
    async with database.units() as unit:
        unit.customers.put([Customer(two, one, ids.uuid(), one)])
        await unit.commit()
    assert (await check("operator:cli")).differences == (f"customer {two}: retired by no decision",)
    assert (await events())[-1].outcome == "different"


@dataclass
class Strayed:
    """`two` was merged into `one`, whose record is at `three`, whom nobody merged."""

    one: str
    two: str
    three: str
    records: list[SourceRecord]


@pytest.fixture
async def strayed(database: Database, clock: Clock, ids: Ids) -> Strayed:
    """Two merged customers who came apart, one who was retired by nobody, and a record at the wrong one."""
    one, two, three = sorted(ids.customer_id() for _ in range(3))
    records = [
        SourceRecord(ids.uuid(), LocalId("medical", f"P{n}"), customer, GIVEN, False, 1, clock.now())
        for n, customer in enumerate((one, two, three))
    ]
    async with database.units() as unit:
        journal = IndexJournal(ids, clock.now(), Actor("test", Origin()))
        unit.index.add_customers([one, two, three], clock.now())
        unit.index.put_records([(record, ()) for record in records])
        for record in records:
            journal.decide(Act.LINK, record.customer_id, "new", record_id=record.record_id)
        merge = journal.decide(Act.MERGE, one, "same", other_id=two)
        journal.write(unit)
        await unit.commit()
    async with database.units() as unit:
        unit.customers.put([Customer(three, one, merge.decision_id, one)])
        unit.customers.move([records[0].moved(one, three)])
        await unit.commit()
    return Strayed(one, two, three, records)


async def test_what_differs_from_the_ledger_is_put_right(
    check: CheckIndex, strayed: Strayed, database: Database, clock: Clock, events: Any
) -> None:
    one, two, three, records = strayed.one, strayed.two, strayed.three, strayed.records
    found = await check("operator:cli", repair=True)
    assert sorted(found.differences) == sorted(
        [
            f"customer {two}: merged by a decision, but active",
            f"customer {three}: retired by no decision",
            f"record {records[0].record_id}: linked otherwise than decided",
            f"record {records[1].record_id}: linked otherwise than decided",
        ]
    )
    assert found.repaired == 4
    assert ((await events())[-1].outcome, (await events())[-1].detail["repaired"]) == ("repaired", 4)
    assert (await check("operator:cli")).differences == ()
    async with database.units() as unit:
        stored = {r.local.local_id: r for r in await unit.index.records([r.local for r in records])}
        customers = await unit.customers.get([one, two, three])
        unit.changes.place()
        await unit.commit()
    assert [(stored[f"P{n}"].customer_id, stored[f"P{n}"].home) for n in range(3)] == [
        (one, one),
        (one, two),
        (three, three),
    ]
    assert {record.given for record in stored.values()} == {GIVEN}
    assert not customers[three].outlives(clock.now())
    async with database.units() as unit:
        told = [
            (change.kind, change.customer_id, change.other_id) for _, change in await unit.changes.list(0, 9)
        ]
    assert {(ChangeKind.MERGED, one, two), (ChangeKind.SPLIT, one, three)} <= set(told)


async def test_what_the_ledger_does_not_hold_is_only_told(
    check: CheckIndex, database: Database, clock: Clock, ids: Ids
) -> None:
    async with database.units() as unit:
        journal = IndexJournal(ids, clock.now(), Actor("test", Origin()))
        record_id = ids.uuid()
        journal.decide(Act.LINK, ids.customer_id(), "new", record_id=record_id)
        journal.write(unit)
        await unit.commit()
    found = await check("operator:cli", repair=True)
    assert found.differences == (f"record {record_id}: linked by a decision, but not there",)
    assert found.repaired == 0
