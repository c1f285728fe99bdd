"""A look at the newest part of the log: sound, damaged, and sound though old events were let go."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.adapters.crypto.checkpoint_signer import NoteSigner
from app.adapters.crypto.keys import KeyRing
from app.adapters.db.log_keeper import SqlLogKeeper
from app.core.access.claims import Claims
from app.core.access.client import Client
from app.core.audit.event import Event, Kind
from app.core.audit.log import first_id_at
from app.core.audit.retention import horizon
from app.services.check_log import CheckLog
from app.services.context import Caller, Origin
from app.services.operator_log import OperatorLog
from app.services.ports import Clock, Ids, Units
from app.services.retain_log import RetainLog
from app.services.scribe import Scribe
from app.services.seal_log import SealLog

OLD, RECENT = 4, 3
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CALLER = Caller(
    Client("auditor", frozenset(), None, None, None, True, NOW),
    Claims("t1", "auditor", "cdc", frozenset(), NOW, NOW),
    Origin("192.0.2.1", "r1"),
)


@pytest.fixture
async def seal(units: Units, key_ring: KeyRing, clock: Clock) -> SealLog:
    """A sealed log whose first events are a year old."""
    seal = SealLog(units, NoteSigner(key_ring.checkpoint), clock)
    ages = [timedelta(days=365)] * OLD + [timedelta(days=1)] * RECENT
    async with units() as unit:
        for number, age in enumerate(ages):
            at = clock.now() - age
            event_id = UUID(int=first_id_at(at).int | number)
            unit.events.append(Event(event_id=event_id, at=at, kind=Kind.MATCH, outcome=f"{number}"))
        await unit.commit()
    assert await seal() == OLD + RECENT
    return seal


async def test_old_events_that_were_let_go_do_no_damage(
    units: Units, seal: SealLog, clock: Clock, ids: Ids, database_url: str
) -> None:
    check = CheckLog(units, Scribe(clock, ids))
    assert (await check(CALLER)).sound
    done = await RetainLog(SqlLogKeeper(database_url), seal, OperatorLog(units, clock, ids))(6, dry_run=False)
    assert (done.events, done.before) == (OLD, horizon(clock.now(), 6))
    found = await check(CALLER)
    assert found.sound
    assert found.size == OLD + RECENT + 2, "the first check and the retention are events too"


async def test_a_young_event_that_is_gone_is_damage(
    units: Units, seal: SealLog, clock: Clock, ids: Ids, database_url: str
) -> None:
    assert seal
    check = CheckLog(units, Scribe(clock, ids))
    await remove(database_url, f"{OLD}")
    assert not (await check(CALLER)).sound


async def remove(url: str, outcome: str) -> None:
    """As the database's owner."""
    statement = f"DELETE FROM audit_events WHERE outcome = '{outcome}'"
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
            connection.execute("DROP TRIGGER audit_events_no_delete")
            connection.execute(statement)
        return
    server = await asyncpg.connect(url)
    try:
        await server.execute(f"ALTER TABLE audit_events DISABLE TRIGGER ALL; {statement}")
    finally:
        await server.close()


@pytest.mark.parametrize(
    ("now", "months", "oldest"),
    [
        (datetime(2026, 11, 21, tzinfo=UTC), 6, datetime(2026, 5, 1, tzinfo=UTC)),
        (datetime(2026, 3, 31, 23, 59, tzinfo=UTC), 6, datetime(2025, 9, 1, tzinfo=UTC)),
        (datetime(2026, 12, 1, tzinfo=UTC), 12, datetime(2025, 12, 1, tzinfo=UTC)),
        (datetime(2026, 1, 1, tzinfo=UTC), 24, datetime(2024, 1, 1, tzinfo=UTC)),
    ],
)
def test_whole_months_are_kept(now: datetime, months: int, oldest: Any) -> None:
    assert horizon(now, months) == oldest


def test_fewer_than_six_months_are_never_kept(clock: Clock) -> None:
    with pytest.raises(ValueError, match="at least 6"):
        horizon(clock.now(), 5)
