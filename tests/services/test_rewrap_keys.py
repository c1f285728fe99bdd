"""Customers' keys under a new data key: with the old one gone, everything under them still opens."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.adapters.crypto.keys import KeyRing, SymmetricKey
from app.adapters.db.database import Database
from app.adapters.db.rewrap_store import PAGE
from app.adapters.db.unit_of_work import SqlUnitOfWork
from app.adapters.ids import RandomIds
from app.core.identity.elements import GivenElements
from app.core.index.customer import LocalId, SourceRecord
from app.services.ports import StorageUnavailable
from app.services.rewrap_keys import RewrapKeys

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
NEW = SymmetricKey("new", "A256GCM", bytes(range(32)))
GIVEN = GivenElements("王丽华", "female", "1980-02-29", None, None)
SOME = PAGE + 20


@pytest.fixture
async def records(database: Database) -> list[SourceRecord]:
    """More than a page of people, each under a key of their own."""
    ids = RandomIds()
    made = [
        SourceRecord(ids.uuid(), LocalId("medical", f"{n:04}"), ids.customer_id(), GIVEN, False, 1, NOW)
        for n in range(SOME)
    ]
    async with database.units() as unit:
        unit.index.add_customers([record.customer_id for record in made], NOW)
        unit.index.put_records([(record, ()) for record in made])
        await unit.commit()
    return made


async def read(database: Database, records: list[SourceRecord]) -> list[SourceRecord]:
    async with database.units() as unit:
        found = await unit.index.records([record.local for record in records])
    return sorted(found, key=lambda record: record.local.local_id)


async def test_without_the_old_key_everything_opens(
    database: Database, records: list[SourceRecord], key_ring: KeyRing
) -> None:
    rewrap = RewrapKeys(database.units)
    assert await rewrap.left() == 0
    database.use_keys(replace(key_ring, data=(NEW, *key_ring.data)))
    assert await rewrap.left() == SOME
    told: list[int] = []
    assert await rewrap(told.append) == SOME
    assert told == [PAGE, SOME - PAGE]
    assert await rewrap.left() == 0
    database.use_keys(replace(key_ring, data=(NEW,)))
    assert await read(database, records) == records


async def test_what_was_broken_off_is_done_by_the_next(
    database: Database, records: list[SourceRecord], key_ring: KeyRing
) -> None:
    database.use_keys(replace(key_ring, data=(NEW, *key_ring.data)))
    rewrap = RewrapKeys(database.units)

    def full_stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await rewrap(full_stop)
    assert await rewrap.left() == SOME - PAGE
    assert await read(database, records) == records
    assert await rewrap(lambda _: None) == SOME - PAGE


@pytest.mark.usefixtures("records")
async def test_a_key_that_does_not_open_is_said(database: Database, key_ring: KeyRing) -> None:
    database.use_keys(replace(key_ring, data=(NEW,)))
    with pytest.raises(StorageUnavailable, match="customer's key"):
        await RewrapKeys(database.units)(lambda _: None)


async def test_a_key_that_was_destroyed_meanwhile_stays_so(
    database: Database, records: list[SourceRecord], key_ring: KeyRing
) -> None:
    database.use_keys(replace(key_ring, data=(NEW, *key_ring.data)))
    async with database.units() as unit, SqlUnitOfWork(database._pool, database._keys) as other:
        await unit.rewrapping.rewrap("")
        other._keys.destroy([min(record.customer_id for record in records)])
        await other.commit()
        await unit.commit()
    with pytest.raises(StorageUnavailable):
        await read(database, records)
