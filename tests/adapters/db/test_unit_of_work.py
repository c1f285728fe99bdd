"""One transaction, one commit: all or nothing, and in turn where it must be."""

import asyncio
from typing import TYPE_CHECKING

import pytest

from app.adapters.crypto.keys import KeyRing
from app.adapters.db.database import Database, open_database
from app.core.audit.event import EventFilter
from app.services.ports import Conflict, StorageUnavailable

if TYPE_CHECKING:
    from tests.adapters.db.conftest import People


async def test_leaving_without_commit_drops_what_was_written(database: Database, people: "People") -> None:
    async with database.units() as unit:
        unit.events.append(people.event())
    async with database.units() as unit:
        await unit.index.lock(people.keys("a"))
        unit.events.append(people.event())
    async with database.units() as unit:
        assert await unit.events.list(EventFilter(), None, 10) == []


async def test_an_error_drops_what_was_written(database: Database, people: "People") -> None:
    async def fail() -> None:
        async with database.units() as unit:
            await unit.index.lock(people.keys("a"))
            unit.events.append(people.event())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with database.units() as unit:
        await unit.index.lock(people.keys("a"))  # was let go
        assert await unit.events.list(EventFilter(), None, 10) == []


@pytest.mark.parametrize("locked", [False, True])
async def test_a_commit_writes_everything_or_nothing(
    database: Database, people: "People", locked: bool
) -> None:
    await people.register(people.record("1"))
    async with database.units() as unit:
        if locked:
            await unit.index.lock(people.keys("a"))
        twin = people.record("1")
        unit.events.append(people.event(), people.event())
        unit.index.add_customers([twin.customer_id], people.now)
        unit.index.put_records([(twin, people.keys("a"))])
        with pytest.raises(Conflict):
            await unit.commit()
    async with database.units() as unit:
        assert await unit.events.list(EventFilter(), None, 10) == []
        assert not await unit.index.exists(twin.customer_id)


async def test_a_unit_may_commit_more_than_once_and_nothing_is_written_twice(
    database: Database, people: "People"
) -> None:
    async with database.units() as unit:
        unit.events.append(people.event())
        await unit.commit()
        await unit.commit()
        unit.events.append(people.event())
        await unit.commit()
    async with database.units() as unit:
        assert len(await unit.events.list(EventFilter(), None, 10)) == 2


async def test_what_is_collected_is_not_read_before_the_commit(database: Database, people: "People") -> None:
    async with database.units() as unit:
        unit.events.append(people.event())
        assert await unit.events.list(EventFilter(), None, 10) == []
        await unit.commit()
        assert len(await unit.events.list(EventFilter(), None, 10)) == 1


async def _meet(database: Database, people: "People", local_id: str, width: int) -> str:
    """Registers somebody as a service does: link to whom is found, else make them."""
    keys = people.keys("same person", *(f"{local_id}-{i}" for i in range(width)))
    async with database.units() as unit:
        await unit.index.lock(keys)
        found = {r.customer_id for r in (await unit.index.find(keys)).records}
        await asyncio.sleep(0.01)
        customer_id = found.pop() if found else people.ids.customer_id()
        record = people.record(local_id, customer_id)
        if not await unit.index.exists(customer_id):
            unit.index.add_customers([customer_id], people.now)
        unit.index.put_records([(record, keys)])
        unit.events.append(people.event(customer_id=customer_id))
        await unit.commit()
    return customer_id


@pytest.mark.parametrize("widths", [[3] * 8, [3, 400] * 4], ids=["single", "single and batch"])
async def test_eight_at_once_with_one_new_person_end_in_one_customer(
    database: Database, people: "People", widths: list[int]
) -> None:
    for attempt in range(5):
        meetings = [_meet(database, people, f"{attempt}-{i}", width) for i, width in enumerate(widths)]
        assert len(set(await asyncio.gather(*meetings))) == 1
    assert len(await people.found("same person")) == 40


async def test_locks_in_any_order_do_not_block_each_other_for_ever(
    database: Database, people: "People"
) -> None:
    async def lock(values: list[str]) -> None:
        for _ in range(10):
            async with database.units() as unit:
                await unit.index.lock(people.keys(*values))
                unit.events.append(people.event())
                await unit.commit()

    values = [str(i) for i in range(50)]
    async with asyncio.timeout(20):
        await asyncio.gather(lock(values), lock(values[::-1]), lock(values[25:] + values[:25]))
    async with database.units() as unit:
        assert len(await unit.events.list(EventFilter(), None, 100)) == 30


async def test_a_held_lock_does_not_keep_readers_out(database: Database, people: "People") -> None:
    await people.register(people.record("1"), "a")
    async with database.units() as unit:
        await unit.index.lock(people.keys("a"))
        assert await people.found("a") == {"1"}


async def test_units_beyond_the_connections_wait_for_their_turn(database_url: str, key_ring: KeyRing) -> None:
    database = open_database(database_url, key_ring, connections=2)

    async def read() -> None:
        async with database.units() as unit:
            assert not await unit.index.exists("nobody")

    await asyncio.gather(*(read() for _ in range(30)))
    await database.close()


async def test_waiting_for_a_connection_ends(database_url: str, key_ring: KeyRing) -> None:
    database = open_database(database_url, key_ring, connections=1, patience=0.2)
    async with database.units() as unit:
        await unit.index.exists("nobody")
        with pytest.raises(StorageUnavailable):
            await database.ping()
    await database.ping()
    await database.close()


async def test_a_cancelled_unit_leaves_the_database_usable(database: Database, people: "People") -> None:
    async def hold(started: asyncio.Event) -> None:
        async with database.units() as unit:
            await unit.index.lock(people.keys("same person"))
            unit.events.append(people.event())
            started.set()
            await asyncio.sleep(60)

    started = asyncio.Event()
    holder = asyncio.create_task(hold(started))
    await started.wait()
    waiter = asyncio.create_task(_meet(database, people, "waiting", 1))
    await asyncio.sleep(0.05)
    waiter.cancel()
    holder.cancel()
    await asyncio.gather(holder, waiter, return_exceptions=True)
    async with asyncio.timeout(3):
        await _meet(database, people, "next", 1)
    async with database.units() as unit:
        assert len(await unit.events.list(EventFilter(), None, 10)) == 1
