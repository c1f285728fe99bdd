"""A database that fails is said to be unavailable, by the ports' word, with nothing of its message."""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING

import asyncpg
import pytest

from app.adapters.crypto.keys import KeyRing
from app.adapters.db.database import Database, open_database
from app.adapters.db.failures import StatementRefused
from app.core.audit.event import EventFilter
from app.core.index.customer import LocalId
from app.services.ports import StorageUnavailable

if TYPE_CHECKING:
    from tests.adapters.db.conftest import People

PeopleOn = Callable[[Database], "People"]


@pytest.mark.parametrize(
    "url", ["postgresql://nobody@127.0.0.1:1/none", "sqlite:////nowhere/cdc.db", "sqlite:////proc/version"]
)
async def test_a_database_that_is_not_there(url: str, key_ring: KeyRing) -> None:
    database = open_database(url, key_ring, patience=1.0)
    for _ in range(10):  # more often than there are places in the pool
        with pytest.raises(StorageUnavailable):
            await database.ping()
    await database.close()


async def test_a_database_without_its_schema(empty_database_url: str, key_ring: KeyRing) -> None:
    if empty_database_url.startswith("sqlite"):
        sqlite3.connect(empty_database_url.removeprefix("sqlite:///")).close()
    database = open_database(empty_database_url, key_ring)
    await database.ping()
    with pytest.raises(StorageUnavailable):
        async with database.units() as unit:
            await unit.index.exists("C")
    await database.close()


async def test_killed_connections_are_said_so_and_replaced(
    postgres_url: str, key_ring: KeyRing, people_on: PeopleOn
) -> None:
    database = open_database(postgres_url, key_ring)
    people = people_on(database)
    record = await people.register(people.record("1"))
    async with database.units() as unit:
        await unit.index.lock(people.keys("a"))
        await _kill_others(postgres_url)
        unit.events.append(people.event())
        with pytest.raises(StorageUnavailable):
            await unit.commit()
    async with database.units() as unit:
        assert await unit.index.exists(record.customer_id)
        assert await unit.events.list(EventFilter(), None, 10) == []
    await _kill_others(postgres_url)
    await asyncio.sleep(0.1)  # the loop sees the idle connections end
    await database.ping()
    await database.close()


async def _kill_others(postgres_url: str) -> None:
    connection = await asyncpg.connect(postgres_url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()


async def test_a_statement_that_takes_too_long_ends(
    postgres_url: str, key_ring: KeyRing, people_on: PeopleOn
) -> None:
    database = open_database(postgres_url, key_ring, patience=0.3)
    people = people_on(database)
    async with database.units() as holder:
        await holder.index.lock(people.keys("a"))
        with pytest.raises(StorageUnavailable):
            async with database.units() as unit:
                await unit.index.lock(people.keys("a"))
    async with database.units() as unit:
        await unit.index.lock(people.keys("a"))
    await database.close()


async def test_a_read_only_server(postgres_url: str, key_ring: KeyRing, people_on: PeopleOn) -> None:
    connection = await asyncpg.connect(postgres_url)
    name = await connection.fetchval("SELECT current_database()")
    await connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    await connection.close()
    await _assert_only_writes_are_refused(postgres_url, key_ring, people_on)


async def test_a_sqlite_file_that_another_process_holds(
    sqlite_url: str, key_ring: KeyRing, people_on: PeopleOn
) -> None:
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    await _assert_only_writes_are_refused(sqlite_url, key_ring, people_on)
    other.close()


async def test_a_full_sqlite_file(sqlite_url: str, key_ring: KeyRing, people_on: PeopleOn) -> None:
    database = open_database(sqlite_url, key_ring, connections=1)
    people = people_on(database)
    async with database.units() as unit:
        await unit.index.exists("C")
        connection = unit._session._connection  # type: ignore[attr-defined]  # no other way to a full disk
        connection._driver.execute("PRAGMA max_page_count = 1")
    with pytest.raises(StorageUnavailable, match="SQLITE_FULL"):
        await people.register(people.record("1"), *(str(i) for i in range(2000)))
    await database.ping()
    await database.close()


async def _assert_only_writes_are_refused(url: str, key_ring: KeyRing, people_on: PeopleOn) -> None:
    database = open_database(url, key_ring, patience=0.3)
    people = people_on(database)
    for _ in range(10):
        async with database.units() as unit:
            assert not await unit.index.exists("C")
            unit.events.append(people.event())
            with pytest.raises(StorageUnavailable):
                await unit.commit()
    await database.close()


async def test_a_refused_value_is_not_repeated(database: Database, people: "People") -> None:
    record = people.record("secret-local-id", customer_id="no such customer")
    with pytest.raises(StatementRefused) as refused:
        await people.register(record, new=False)
    assert "secret" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


async def test_a_text_that_postgresql_cannot_hold_is_not_repeated(
    postgres_url: str, key_ring: KeyRing, people_on: PeopleOn
) -> None:
    database = open_database(postgres_url, key_ring)
    for local_id in ("geheim\0", "geheim\ud800"):
        async with database.units() as unit:
            with pytest.raises(StatementRefused) as refused:
                await unit.index.records([LocalId("hospital", local_id)])
        assert "geheim" not in str(refused.value)
    await database.ping()
    await database.close()
