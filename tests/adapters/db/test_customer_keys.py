"""What is personal is sealed under the key of whom it is about, and is gone with it."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from app.adapters.crypto.cipher import Cipher
from app.adapters.crypto.keys import KeyRing
from app.adapters.db.database import Database, open_database
from app.core.audit.event import EventFilter
from app.core.index.customer import SourceRecord
from app.core.index.ledger import Act, Decision
from app.services.ports import Conflict, StorageUnavailable

if TYPE_CHECKING:
    from tests.adapters.db.conftest import People

PeopleOn = Callable[[Database], "People"]


def run(url: str, sql: str, *arguments: Any) -> list[Any]:
    """Beside the application."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    rows = connection.execute(sql, arguments).fetchall()
    connection.commit()
    connection.close()
    return rows


@pytest.fixture
async def on_sqlite(sqlite_url: str, key_ring: KeyRing, people_on: PeopleOn) -> Any:
    """People in a file that the test looks into."""
    database = open_database(sqlite_url, key_ring)
    yield people_on(database)
    await database.close()


async def corrected(people: "People", record: SourceRecord, **changes: Any) -> SourceRecord:
    """The record's next content."""
    newer = replace(record, version=record.version + 1, **changes)
    return await people.register(newer, new=False)


async def rehomed(people: "People", record: SourceRecord, home: str) -> SourceRecord:
    """The record as a new customer's."""
    moved = record.moved(home, home)
    async with people.database.units() as unit:
        unit.index.add_customers([home], people.now)
        await unit.index.lock_all()
        unit.index.rehome([moved])
        await unit.commit()
    return moved


async def old_contents(people: "People", record: SourceRecord) -> list[SourceRecord]:
    async with people.database.units() as unit:
        return await unit.index.contents_at([record.record_id], people.now)


async def test_a_record_is_sealed_under_its_customers_key(on_sqlite: "People", sqlite_url: str) -> None:
    record = await on_sqlite.register(on_sqlite.record("1"))
    assert run(sqlite_url, "SELECT data_key_id FROM source_records") == [(record.customer_id,)]
    ((owner, wrapped),) = run(sqlite_url, "SELECT customer_id, wrapped FROM customer_keys")
    assert owner == record.customer_id
    assert len(wrapped) == 61


async def test_without_the_customers_key_the_installations_opens_nothing(
    on_sqlite: "People", sqlite_url: str
) -> None:
    record = await on_sqlite.register(on_sqlite.record("1"))
    other = await on_sqlite.register(on_sqlite.record("2"))
    run(sqlite_url, "DELETE FROM customer_keys WHERE customer_id = ?", record.customer_id)
    async with on_sqlite.database.units() as unit:
        assert await unit.index.records([other.local]) == [other]
        with pytest.raises(StorageUnavailable):
            await unit.index.records([record.local])


async def test_a_wrapped_key_is_good_for_its_customer_alone(on_sqlite: "People", sqlite_url: str) -> None:
    record = await on_sqlite.register(on_sqlite.record("1"))
    other = await on_sqlite.register(on_sqlite.record("2"))
    steal = "UPDATE customer_keys SET wrapped = (SELECT wrapped FROM customer_keys WHERE customer_id = ?)"
    run(sqlite_url, steal, other.customer_id)
    async with on_sqlite.database.units() as unit:
        with pytest.raises(StorageUnavailable):
            await unit.index.records([record.local])


async def test_a_merged_customers_record_stays_under_its_homes_key(people: "People") -> None:
    survivor = await people.register(people.record("1"))
    retired = await people.register(people.record("2"))
    moved = retired.moved(retired.customer_id, survivor.customer_id)
    async with people.database.units() as unit:
        unit.customers.move([moved])
        await unit.commit()
    newer = await corrected(people, moved, given=replace(people.given, name="王莉华"))
    async with people.database.units() as unit:
        assert await unit.index.records_of([survivor.customer_id]) in ([survivor, newer], [newer, survivor])


async def test_a_record_that_is_anothers_goes_under_their_key_with_its_history(
    on_sqlite: "People", sqlite_url: str
) -> None:
    first = await on_sqlite.register(on_sqlite.record("1"))
    later = replace(on_sqlite.given, name="王莉华")
    second = await corrected(on_sqlite, first, given=later, updated_at=on_sqlite.now.replace(hour=9))
    moved = await rehomed(on_sqlite, second, on_sqlite.ids.customer_id())
    run(sqlite_url, "DELETE FROM customer_keys WHERE customer_id = ?", first.customer_id)
    async with on_sqlite.database.units() as unit:
        assert await unit.index.records([moved.local]) == [moved]
    assert [r.given for r in await old_contents(on_sqlite, first)] == [first.given]


async def test_what_a_local_id_said_of_somebody_else_stays_under_their_key(
    on_sqlite: "People", sqlite_url: str
) -> None:
    first = await on_sqlite.register(on_sqlite.record("1"))
    somebody = await on_sqlite.register(on_sqlite.record("2"))
    again = {"customer_id": somebody.customer_id, "updated_at": on_sqlite.now.replace(hour=9)}
    reused = await corrected(on_sqlite, first, **again)
    moved = await rehomed(on_sqlite, reused, on_sqlite.ids.customer_id())
    run(sqlite_url, "DELETE FROM customer_keys WHERE customer_id = ?", first.customer_id)
    async with on_sqlite.database.units() as unit:
        assert await unit.index.records([moved.local]) == [moved]
    assert await old_contents(on_sqlite, first) == []


async def test_what_is_older_than_the_keys_opens_and_gets_one_when_it_changes(
    on_sqlite: "People", sqlite_url: str, key_ring: KeyRing
) -> None:
    record = await on_sqlite.register(on_sqlite.record("1"))
    async with on_sqlite.database.units() as unit:
        (sealed,) = await unit.index.records([record.local])
    assert sealed == record
    _seal_as_before(sqlite_url, record, key_ring)
    async with on_sqlite.database.units() as unit:
        assert await unit.index.records([record.local]) == [record]
    newer = await corrected(on_sqlite, record, deceased=True)
    assert run(sqlite_url, "SELECT data_key_id FROM source_records") == [(record.customer_id,)]
    assert run(sqlite_url, "SELECT customer_id FROM customer_keys") == [(record.customer_id,)]
    async with on_sqlite.database.units() as unit:
        assert await unit.index.records([record.local]) == [newer]
    assert [r.given for r in await old_contents(on_sqlite, record)] in ([], [record.given])


def _seal_as_before(url: str, record: SourceRecord, keys: KeyRing) -> None:
    cipher = Cipher(keys.data)
    content = (
        b'{"name":"\xe7\x8e\x8b\xe4\xb8\xbd\xe5\x8d\x8e","gender":"female","birth_date":"1980-02-29",'
        b'"id_type":"01","id_number":"11010119800229002X"}'
    )
    sealed = cipher.seal(content, record.record_id.bytes)
    run(url, "UPDATE source_records SET sealed = ?, data_key_id = ?", sealed, cipher.active_id)
    run(url, "DELETE FROM customer_keys")


async def test_two_who_make_a_key_at_once_conflict(people: "People") -> None:
    record = await people.register(people.record("1"))
    async with people.database.units() as unit:
        unit.index.add_customers([], people.now)
        unit._keys.make([record.customer_id])  # type: ignore[attr-defined]
        with pytest.raises(Conflict):
            await unit.commit()


@pytest.mark.parametrize("erased", [0, 1, 2])
async def test_evidence_needs_the_keys_of_all_whom_it_is_about(
    on_sqlite: "People", sqlite_url: str, erased: int
) -> None:
    people = on_sqlite
    ids = [(await people.register(people.record(str(i)))).customer_id for i in range(3)]
    decision = Decision(
        decision_id=people.ids.uuid(),
        at=people.now,
        act=Act.MERGE,
        by="test",
        why="steward",
        customer_id=ids[0],
        other_id=ids[1],
        also_about=(ids[2],),
        evidence={"reason": "her sister's card"},
    )
    async with people.database.units() as unit:
        unit.ledger.append([decision])
        await unit.commit()
        assert await unit.ledger.get(decision.decision_id) == decision
    run(sqlite_url, "DELETE FROM customer_keys WHERE customer_id = ?", ids[erased])
    async with people.database.units() as unit:
        with pytest.raises(StorageUnavailable):  # a key is missing, and nobody says why
            await unit.ledger.get(decision.decision_id)
    run(sqlite_url, "UPDATE customers SET erased_at = ? WHERE customer_id = ?", "2026-11-22", ids[erased])
    async with people.database.units() as unit:
        assert await unit.ledger.get(decision.decision_id) == replace(decision, evidence=None)


async def test_a_statement_is_gone_with_its_customer(on_sqlite: "People", sqlite_url: str) -> None:
    people = on_sqlite
    customer_id = (await people.register(people.record("1"))).customer_id
    about = people.event(customer_id=customer_id, statement="found unconscious")
    about_nobody = people.event(statement="nobody knows him")
    async with people.database.units() as unit:
        unit.events.append(about, about_nobody)
        await unit.commit()
        assert await unit.events.list(EventFilter(), None, 9) == [about_nobody, about]
    run(sqlite_url, "DELETE FROM customer_keys")
    run(sqlite_url, "UPDATE customers SET erased_at = '2026-11-22'")
    async with people.database.units() as unit:
        found = await unit.events.list(EventFilter(), None, 9)
        assert found == [about_nobody, replace(about, statement=None)]
        unit.events.append(people.event(customer_id=customer_id, statement="again"))
        await unit.commit()
    assert run(sqlite_url, "SELECT * FROM customer_keys") == []
