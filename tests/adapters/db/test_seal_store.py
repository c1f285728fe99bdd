"""The sealed log in the database: what is taken, what is refused, what can be read again."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.adapters.crypto.checkpoint_signer import NoteSigner
from app.adapters.crypto.keys import KeyRing
from app.adapters.db.database import Database
from app.adapters.db.seal_store import _NAMES
from app.adapters.db.tables import audit_events
from app.core.audit.canonical import canonical_bytes
from app.core.audit.event import Event, Kind
from app.core.audit.log import FIRST_ID, LAST_ID, SealedEvent, first_id_at, instant_of
from app.core.audit.merkle import leaf_hash
from app.services.ports import Conflict
from app.services.seal_log import SealLog
from app.services.tree_reader import LogDamaged, edge_of


class _Clock:
    def __init__(self, people: Any) -> None:
        self._people = people

    def now(self) -> Any:
        return self._people.now

    def today(self) -> Any:
        return self._people.now.date()


@pytest.fixture
def seal(database: Database, key_ring: KeyRing, people: Any) -> SealLog:
    return SealLog(database.units, NoteSigner(key_ring.checkpoint), _Clock(people))


@pytest.fixture
def sealer_on(key_ring: KeyRing, people: Any) -> Callable[[Database], SealLog]:
    return lambda database: SealLog(database.units, NoteSigner(key_ring.checkpoint), _Clock(people))


async def write(database: Database, *events: Event) -> None:
    async with database.units() as unit:
        unit.events.append(*events)
        await unit.commit()


async def leaves(database: Database) -> list[SealedEvent]:
    async with database.units() as unit:
        return [event async for page in unit.seals.sealed(0, 10**9) for event in page]


async def execute(url: str, *statements: str) -> None:
    """As the database's owner, past the triggers."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
            for statement in statements:
                connection.execute(statement)
        return
    server = await asyncpg.connect(url)
    try:
        for statement in statements:
            await server.execute(statement)
    finally:
        await server.close()


async def test_events_become_leaves_in_their_order(database: Database, seal: SealLog, people: Any) -> None:
    events = [people.event(kind=Kind.ACCESS, outcome="permit", domains=("medical",)) for _ in range(300)]
    await write(database, *events)
    assert await seal() == 300
    assert await seal() == 0
    found = await leaves(database)
    assert [leaf.leaf.event_id for leaf in found] == [event.event_id for event in events]
    assert [leaf.leaf.index for leaf in found] == list(range(300))
    assert all(leaf.form and leaf.leaf.hash == leaf_hash(canonical_bytes(leaf.form)) for leaf in found)
    async with database.units() as unit:
        head = await unit.seals.newest()
        assert head is not None
        assert (head.size, head.root) == (300, (await edge_of(unit.seals, 300)).root)


async def test_an_event_has_the_same_bytes_on_every_database(
    database: Database, seal: SealLog, people: Any
) -> None:
    event = people.event(
        event_id=UUID("01a20059-624a-7f9f-b35a-e4b5841b95c1"),
        reasons=("a", "b"),
        detail={"n": 1, "s": "é", "none": None},
        client_id="病院\u2028",
        count=3,
    )
    await write(database, event)
    await seal()
    ((leaf),) = await leaves(database)
    assert leaf.form is not None
    assert canonical_bytes(leaf.form).decode() == (
        '{"at":"2026-11-21T08:30:15.123456Z","client_id":"病院\u2028","count":3,'
        '"detail":"{\\"n\\":1,\\"s\\":\\"é\\",\\"none\\":null}","domains":"[]",'
        '"event_id":"01a20059-624a-7f9f-b35a-e4b5841b95c1","kind":"match","outcome":"match",'
        '"reasons":"[\\"a\\",\\"b\\"]","v":1}'
    )


async def test_every_column_is_proved_and_what_is_encrypted_stays_so(
    database: Database, seal: SealLog, people: Any
) -> None:
    names = {column.name for column in audit_events.columns}
    assert set(_NAMES) == names
    texts = names - {"event_id", "at", "kind", "domains", "reasons", "count", "detail", "data_key_id"}
    await write(database, people.event(**dict.fromkeys(texts, "geheim")))
    await seal()
    ((leaf),) = await leaves(database)
    assert leaf.form is not None
    assert leaf.form.keys() == names | {"v"}
    assert leaf.form["statement"] != "geheim"


async def test_what_was_committed_late_is_sealed_later(
    database: Database, seal: SealLog, people: Any
) -> None:
    early, late = people.event(), people.event()
    await write(database, late)
    assert await seal() == 1
    await write(database, early)
    assert await seal(thorough=False) == 1
    assert [leaf.leaf.event_id for leaf in await leaves(database)] == [late.event_id, early.event_id]


async def test_what_was_committed_hours_late_is_found_by_the_sweep(
    database: Database, seal: SealLog, people: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.seal_log.SWEEP", 2)
    old = [people.event(event_id=UUID(int=first_id_at(people.now).int - (9 - n << 100))) for n in range(8)]
    await write(database, *old[:3], *old[4:], people.event())
    assert await seal() == 8
    await write(database, old[3])
    assert [await seal() for _ in range(8)].count(1) == 1
    assert len(await leaves(database)) == 9
    async with database.units() as unit:
        assert await unit.seals.unsealed_count(LAST_ID) == 0


async def test_a_clock_that_ran_ahead_hides_nothing(database: Database, seal: SealLog, people: Any) -> None:
    await write(database, people.event(event_id=first_id_at(people.now + timedelta(days=30))))
    await seal()
    await write(database, people.event(event_id=first_id_at(people.now)))
    assert await seal() == 1


async def test_a_batch_is_bounded(
    database: Database, seal: SealLog, people: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.seal_log.BATCH", 10)
    await write(database, *(people.event() for _ in range(25)))
    assert await seal.waiting(25)
    assert [await seal() for _ in range(4)] == [10, 10, 5, 0]
    assert not await seal.waiting(1)
    async with database.units() as unit:
        assert [head.size for head in await unit.seals.heads(0)] == [10, 20, 25]


async def test_many_sealers_make_one_log(
    database: Database, sealer_on: Callable[[Database], SealLog], people: Any
) -> None:
    sealers = [sealer_on(database) for _ in range(4)]
    for _ in range(5):
        await write(database, *(people.event() for _ in range(7)))
        done = await asyncio.gather(*(seal() for seal in sealers), return_exceptions=True)
        assert all(isinstance(result, int | Conflict) for result in done), done
    while await sealers[0]():
        pass
    found = await leaves(database)
    assert [leaf.leaf.index for leaf in found] == list(range(35))
    assert len({leaf.leaf.event_id for leaf in found}) == 35


async def test_nothing_is_signed_on_top_of_a_damaged_tree(
    database: Database, database_url: str, sealer_on: Callable[[Database], SealLog], people: Any
) -> None:
    await write(database, *(people.event() for _ in range(3)))
    await sealer_on(database)()
    if database_url.startswith("sqlite"):
        rewrite = "UPDATE audit_leaves SET leaf_hash = zeroblob(32)"
        await execute(database_url, "DROP TRIGGER audit_leaves_no_update", rewrite)
    else:
        await execute(
            database_url,
            "ALTER TABLE audit_leaves DISABLE TRIGGER ALL",
            "UPDATE audit_leaves SET leaf_hash = sha256('')",
        )
    await write(database, people.event())
    with pytest.raises(LogDamaged, match="root"):
        await sealer_on(database)()


@pytest.mark.parametrize("table", ["audit_leaves", "audit_tiles", "audit_checkpoints"])
async def test_the_tree_is_append_only(
    database: Database, seal: SealLog, database_url: str, people: Any, table: str
) -> None:
    await write(database, *(people.event() for _ in range(256)))
    await seal()
    statements = [f"DELETE FROM {table}"]
    if database_url.startswith("sqlite"):
        statements.append(f"REPLACE INTO {table} SELECT * FROM {table}")
    else:
        statements.append(f"TRUNCATE {table}")
    column = {"audit_leaves": "leaf_hash", "audit_tiles": "hash", "audit_checkpoints": "root"}[table]
    statements.append(f"UPDATE {table} SET {column} = {column}")
    for statement in statements:
        with pytest.raises((sqlite3.IntegrityError, asyncpg.InsufficientPrivilegeError), match="append-only"):
            await execute(database_url, statement)


async def test_steps_and_counts(database: Database, people: Any) -> None:
    events = [people.event() for _ in range(5)]
    await write(database, *events)
    async with database.units() as unit:
        assert await unit.seals.step(FIRST_ID, 2) == events[1].event_id
        assert await unit.seals.step(events[1].event_id, 3) == events[4].event_id
        assert await unit.seals.step(events[1].event_id, 4) is None
        assert await unit.seals.waiting(events[0].event_id, 3) == 3
        assert await unit.seals.waiting(events[0].event_id, 30) == 4
        assert await unit.seals.unsealed_count(events[2].event_id) == 3
        assert await unit.seals.last_sealed() is None


def test_ids_and_instants(people_on: Any) -> None:
    now = people_on(None).now.replace(microsecond=123000)
    assert instant_of(first_id_at(now)) == now
    assert instant_of(LAST_ID) > now
