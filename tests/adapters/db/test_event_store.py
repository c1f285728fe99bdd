"""The access log: what is appended is read back; nothing else can be done to it."""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg
import pytest

from app.adapters.db.database import Database
from app.core.audit.event import Event, EventFilter, Kind
from app.core.audit.log import first_id_at

if TYPE_CHECKING:
    from tests.adapters.db.conftest import People

REFUSED_ON_SQLITE = (
    "UPDATE audit_events SET outcome = 'permit'",
    "DELETE FROM audit_events",
    "REPLACE INTO audit_events SELECT * FROM audit_events",
    "INSERT INTO audit_events SELECT * FROM audit_events WHERE true"
    " ON CONFLICT (event_id) DO UPDATE SET outcome = 'permit'",
)
REFUSED_ON_POSTGRESQL = (
    "UPDATE audit_events SET outcome = 'permit'",
    "DELETE FROM audit_events",
    "TRUNCATE audit_events",
    "TRUNCATE revoked_tokens; TRUNCATE audit_events",
    "INSERT INTO audit_events SELECT * FROM audit_events ON CONFLICT (event_id) DO UPDATE SET outcome = 'x'",
    "MERGE INTO audit_events t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
)


async def _append(database: Database, *events: Event) -> None:
    async with database.units() as unit:
        unit.events.append(*events)
        await unit.commit()


async def _all(database: Database, which: EventFilter = EventFilter()) -> list[Event]:
    async with database.units() as unit:
        return await unit.events.list(which, None, 100)


async def test_an_event_comes_back_as_it_was(database: Database, people: "People") -> None:
    whole = people.event(
        kind=Kind.ACCESS,
        client_id="hospital",
        actor="hdc",
        customer_id=people.ids.customer_id(),
        domains=("medical", "elder_care"),
        purpose="TREAT",
        reasons=("emergency_access",),
        grade="certain",
        elements_digest="ab" * 32,
        token_id="jti",
        match_id="m",
        source="2001:db8::1",
        request_id="r-1",
        trace_id="t-1",
        model="m1",
        policy="p1",
        count=3,
        detail={"status": 200, "ok": True, "share": 0.5, "none": None, "text": "é"},
    )
    bare = people.event()
    await _append(database, whole, bare)
    assert await _all(database) == [bare, whole]


async def test_events_are_listed_newest_first_and_page_by_page(database: Database, people: "People") -> None:
    events = [people.event(client_id="a" if i % 2 else "b") for i in range(6)]
    for event in events:
        await _append(database, event)
    newest = events[::-1]
    async with database.units() as unit:
        assert await unit.events.list(EventFilter(), None, 4) == newest[:4]
        assert await unit.events.list(EventFilter(), newest[3].event_id, 4) == newest[4:]
        assert await unit.events.list(EventFilter(client_id="a"), newest[2].event_id, 4) == newest[4::2]


async def test_filters_join(database: Database, people: "People") -> None:
    later = people.now + timedelta(microseconds=1)
    ids = [UUID(int=first_id_at(people.now).int + n) for n in range(2)] + [
        first_id_at(later + timedelta(days=1))
    ]
    event = people.event(event_id=ids[0], customer_id="C1", client_id="a", kind=Kind.TOKEN, outcome="issued")
    others = [
        people.event(event_id=i, at=first_at)
        for i, first_at in zip(ids[1:], (later, later + timedelta(days=1)), strict=True)
    ]
    await _append(database, event, *others)
    same = EventFilter("C1", "a", "token", "issued", people.now, later)
    assert await _all(database, same) == [event]
    wrong = [replace(same, customer_id="C2"), replace(same, client_id="b"), replace(same, kind="match")]
    wrong += [replace(same, outcome="x"), replace(same, since=later), replace(same, until=people.now)]
    for other in wrong:
        assert await _all(database, other) == []
    assert len(await _all(database, EventFilter(since=later))) == 2
    assert len(await _all(database, EventFilter(until=later))) == 1


async def test_an_event_is_never_written_twice(database: Database, people: "People") -> None:
    event = people.event()
    await _append(database, event)
    with pytest.raises(Exception, match=r"23505|SQLITE_CONSTRAINT"):
        await _append(database, replace(event, outcome="no_match"))
    assert await _all(database) == [event]


async def test_sqlite_refuses_to_change_the_log(sqlite_url: str) -> None:
    connection = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    columns = "event_id, at, kind, outcome, domains, reasons, count, detail"
    insert = f"INSERT INTO audit_events ({columns}) VALUES (x'00', '', 'k', 'o', '[]', '[]', 1, '{{}}')"
    connection.execute(insert)
    before = connection.execute("SELECT * FROM audit_events").fetchall()
    for statement in REFUSED_ON_SQLITE:
        with pytest.raises(sqlite3.IntegrityError, match="audit_events is append-only"):
            connection.execute(statement)
    assert connection.execute("SELECT * FROM audit_events").fetchall() == before
    connection.close()


async def test_postgresql_refuses_to_change_the_log(postgres_url: str) -> None:
    connection = await asyncpg.connect(postgres_url)
    columns = "event_id, at, kind, outcome, domains, reasons, count, detail"
    values = "gen_random_uuid(), now(), 'k', 'o', '[]', '[]', 1, '{}'"
    await connection.execute(f"INSERT INTO audit_events ({columns}) VALUES ({values})")
    before = await connection.fetch("SELECT * FROM audit_events")
    for statement in REFUSED_ON_POSTGRESQL:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="audit_events is append-only"):
            await connection.execute(statement)
    assert await connection.fetch("SELECT * FROM audit_events") == before
    await connection.close()
