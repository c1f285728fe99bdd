"""The pool: bounded, fair, and rid of connections that are of no use."""

import asyncio
from typing import Any

import pytest

from app.adapters.db.pool import Pool
from app.services.ports import StorageUnavailable


class Door:
    """Opens connections that do nothing, and counts them."""

    def __init__(self) -> None:
        self.opened: list[Any] = []
        self.shut = False

    async def __call__(self) -> Any:
        await asyncio.sleep(0)
        if self.shut:
            raise StorageUnavailable
        self.opened.append(Stub())
        return self.opened[-1]


class Stub:
    closed = False

    async def close(self) -> None:
        self.closed = True


async def test_a_connection_is_used_again() -> None:
    door = Door()
    pool = Pool(door, 2, 1.0)
    for _ in range(5):
        pool.give_back(await pool.take())
    assert len(door.opened) == 1


async def test_never_more_than_its_size_and_in_the_order_of_asking() -> None:
    door = Door()
    pool = Pool(door, 3, 5.0)
    served: list[int] = []

    async def use(number: int) -> None:
        connection = await pool.take()
        served.append(number)
        await asyncio.sleep(0.001)
        pool.give_back(connection)

    await asyncio.gather(*(use(number) for number in range(40)))
    assert len(door.opened) == 3
    assert served == sorted(served)


async def test_a_closed_connection_is_replaced_for_the_one_who_waits() -> None:
    door = Door()
    pool = Pool(door, 1, 1.0)
    broken: Any = await pool.take()
    waiter = asyncio.create_task(pool.take())
    await asyncio.sleep(0)
    broken.closed = True
    pool.give_back(broken)
    assert await waiter is door.opened[1]


async def test_a_connection_that_closes_while_idle_is_not_given_out() -> None:
    door = Door()
    pool = Pool(door, 1, 1.0)
    idle: Any = await pool.take()
    pool.give_back(idle)
    idle.closed = True
    assert await pool.take() is door.opened[1]


async def test_waiting_ends_and_its_turn_goes_to_the_next() -> None:
    pool = Pool(Door(), 1, 0.05)
    taken = await pool.take()
    with pytest.raises(StorageUnavailable):
        await pool.take()
    pool.give_back(taken)
    assert await pool.take() is taken


async def test_a_turn_that_came_too_late_is_handed_on() -> None:
    pool = Pool(Door(), 1, 5.0)
    taken = await pool.take()
    first, second = asyncio.create_task(pool.take()), asyncio.create_task(pool.take())
    await asyncio.sleep(0)
    pool.give_back(taken)  # the first one has its turn now, but is cancelled before it runs
    first.cancel()
    assert await second is taken
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_a_door_that_stays_shut_takes_no_place_away() -> None:
    door = Door()
    pool = Pool(door, 1, 1.0)
    door.shut = True
    for attempt in [asyncio.create_task(pool.take()) for _ in range(5)]:
        with pytest.raises(StorageUnavailable):
            await attempt
    door.shut = False
    assert await pool.take() is door.opened[0]


async def test_a_closed_pool_closes_its_connections_and_gives_out_none() -> None:
    door = Door()
    pool = Pool(door, 2, 1.0)
    pool.give_back(await pool.take())
    await pool.close()
    assert door.opened[0].closed
    with pytest.raises(StorageUnavailable):
        await pool.take()
