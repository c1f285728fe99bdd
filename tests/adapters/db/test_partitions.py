"""The access log's partitions: every event finds its place, and months are made ahead."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from app.adapters.db import migrate, partitions
from app.adapters.db.database import open_database
from app.core.audit.event import Event, EventFilter
from app.core.audit.log import first_id_at

BEFORE, PARTITIONED = "0005", "0006"
PLACES = "SELECT tableoid::regclass::text AS place FROM audit_events ORDER BY event_id"


async def rows(url: str, *statements: str) -> list[Any]:
    """What the last statement finds."""
    connection = await asyncpg.connect(url)
    try:
        found = [await connection.fetch(statement) for statement in statements]
    finally:
        await connection.close()
    return found[-1]


async def extended(url: str, months: int) -> int:
    return await asyncio.to_thread(partitions.extend, url, months)


def month(start: datetime, months: int) -> datetime:
    """The middle of a month."""
    count = start.year * 12 + start.month - 1 + months
    return datetime(count // 12, count % 12 + 1, 15, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


async def test_every_event_finds_a_place(
    postgres_url: str, key_ring: Any, people_on: Any, now: datetime
) -> None:
    database = open_database(postgres_url, key_ring)
    people = people_on(database)
    times = [datetime(1999, 1, 1, tzinfo=UTC), month(now, 0), month(now, 6), month(now, 7), month(now, 900)]
    events = [people.event(event_id=first_id_at(at), at=at) for at in times]
    async with database.units() as unit:
        unit.events.append(*events)
        await unit.commit()
    named = [f"audit_events_{at:%Y_%m}" for at in times[1:3]]
    later = "audit_events_later"
    assert [row["place"] for row in await rows(postgres_url, PLACES)] == [
        "audit_events_earlier",
        *named,
        later,
        later,
    ]
    assert await extended(postgres_url, 7) == 1
    assert [row["place"] for row in await rows(postgres_url, PLACES)][3:] == [
        f"audit_events_{times[3]:%Y_%m}",
        later,
    ]
    async with database.units() as unit:
        assert await unit.events.list(EventFilter(), None, 9) == events[::-1]
    await database.close()


async def test_months_are_made_once(postgres_url: str) -> None:
    assert await extended(postgres_url, 6) == 0
    assert await extended(postgres_url, 30) == 24
    assert await extended(postgres_url, 30) == 0


async def test_a_new_month_refuses_changes(postgres_url: str, now: datetime) -> None:
    await extended(postgres_url, 7)
    for table in (f"audit_events_{month(now, 7):%Y_%m}", "audit_events_later"):
        for command in ("DELETE FROM {}", "TRUNCATE {}", "UPDATE {} SET outcome = 'x'"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
                await rows(postgres_url, command.format(table))


async def test_a_page_is_read_from_one_partition_after_the_other(postgres_url: str) -> None:
    """No merge: a page of the newest events opens the newest partitions alone."""
    plan = await rows(
        postgres_url,
        "SET enable_seqscan = off",
        "EXPLAIN SELECT * FROM audit_events ORDER BY event_id DESC LIMIT 10",
    )
    text = "\n".join(row[0] for row in plan)
    assert "Append" in text
    assert "Merge" not in text
    assert "Sort" not in text


async def test_sqlite_has_one_table(sqlite_url: str) -> None:
    assert await extended(sqlite_url, 60) == 0


def test_events_survive_the_way_into_partitions_and_back(
    empty_postgres_url: str, key_ring: Any, people_on: Any, now: datetime
) -> None:
    async def write(*events: Event) -> None:
        database = open_database(empty_postgres_url, key_ring)
        async with database.units() as unit:
            unit.events.append(*events)
            await unit.commit()
        await database.close()

    def stored() -> list[Any]:
        return asyncio.run(rows(empty_postgres_url, "SELECT * FROM audit_events ORDER BY event_id"))

    people = people_on(None)
    times = [now - timedelta(days=days) for days in (100, 40, 1)]
    migrate.upgrade(empty_postgres_url, BEFORE)
    asyncio.run(write(*(people.event(event_id=first_id_at(at), at=at, detail={"é": 1}) for at in times)))
    before = stored()
    assert len(before) == 3
    for revision in (PARTITIONED, BEFORE, PARTITIONED):
        if revision == BEFORE:
            migrate.downgrade(empty_postgres_url, revision)
        else:
            migrate.upgrade(empty_postgres_url, revision)
            places = [row["place"] for row in asyncio.run(rows(empty_postgres_url, PLACES))]
            assert places == [f"audit_events_{at:%Y_%m}" for at in times]
        assert stored() == before
