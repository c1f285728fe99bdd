"""What `cdc audit retain` drops, what stays, and what the auditor is told."""

import asyncio
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.adapters.clock import SystemClock
from app.adapters.crypto.checkpoint_signer import NoteSigner
from app.adapters.crypto.keys import parse_keys
from app.adapters.db.database import open_database
from app.core.audit.event import Event, EventFilter, Kind
from app.core.audit.log import first_id_at
from app.core.audit.proofs import verify_consistency
from app.services.prove_consistency import ProveConsistency
from app.services.seal_log import SealLog
from app.settings import read_settings
from tests.log_verifier.conftest import assert_refused

OLD, RECENT = 5, 4
"""Events of a year ago, and of yesterday."""


@pytest.fixture
def log(installation: Any) -> Any:
    """A log whose first events are a year old."""
    now = datetime.now(UTC)
    old = [made(now - timedelta(days=365, seconds=-n), n) for n in range(OLD)]
    recent = [made(now - timedelta(days=1, seconds=-n), n) for n in range(RECENT)]
    asyncio.run(written(installation, old, recent))
    return installation


def made(at: datetime, number: int) -> Event:
    event_id = UUID(int=first_id_at(at).int | 7 << 76 | number)
    return Event(event_id=event_id, at=at, kind=Kind.MATCH, outcome="match", client_id=f"client-{number}")


async def written(installation: Any, *batches: list[Event]) -> None:
    """Each batch under a checkpoint of its own."""
    ring = parse_keys(installation.keys)
    database = open_database(installation.url, ring)
    seal = SealLog(database.units, NoteSigner(ring.checkpoint), SystemClock(read_settings().timezone))
    for batch in batches:
        async with database.units() as unit:
            unit.events.append(*batch)
            await unit.commit()
        await seal()
    await database.close()


def stored(installation: Any) -> list[Event]:
    async def read() -> list[Event]:
        database = open_database(installation.url, parse_keys(installation.keys))
        async with database.units() as unit:
            found = await unit.events.list(EventFilter(), None, 100)
        await database.close()
        return found

    return asyncio.run(read())


def test_old_months_go_their_leaves_stay_and_the_log_says_so(log: Any) -> None:
    before = log.export("before.ndjson")
    result = log.run("retain", "--months", 6)
    assert result.exit_code == 0, result.output
    assert f"{OLD} events" in result.stdout
    retention, *rest = stored(log)
    assert (retention.kind, retention.detail["events"], retention.detail["months"]) == ("retention", OLD, 6)
    assert [event.outcome for event in rest if event.kind is Kind.MATCH] == ["match"] * RECENT
    export = log.export()
    verified = log.verify(export, "--key", log.key())
    assert verified.exit_code == 0, verified.output
    assert f"{OLD} events from before" in verified.stdout
    assert "retention ended" in verified.stdout
    assert log.run("verify").exit_code == 0
    hashes = [
        record["hash"] for record in map(json.loads, before.read_text().splitlines()) if "hash" in record
    ]
    kept = [record["hash"] for record in map(json.loads, export.read_text().splitlines()) if "hash" in record]
    assert kept[: len(hashes)] == hashes


def test_months_of_their_own_go_as_they_are(log: Any) -> None:
    """A second retention, later: what was made room for by the first goes as whole partitions."""
    if log.url.startswith("sqlite"):
        pytest.skip("SQLite has no partitions")
    assert f"{OLD} events" in log.run("retain", "--months", 11).stdout
    half = datetime.now(UTC) - timedelta(days=250)
    asyncio.run(written(log, [made(half, 50)]))
    assert "1 events" in log.run("retain", "--months", 6).stdout
    assert [e.outcome for e in stored(log) if e.kind is Kind.MATCH] == ["match"] * RECENT
    assert log.run("verify").exit_code == 0


def test_a_dry_run_drops_nothing(log: Any) -> None:
    result = log.run("retain", "--months", 6, "--dry-run")
    assert f"{OLD} events" in result.stdout
    assert "would be" in result.stdout
    assert len(stored(log)) == OLD + RECENT


def test_less_than_half_a_year_is_refused(log: Any) -> None:
    assert_refused(log.run("retain", "--months", 5), "months", "6")
    assert len(stored(log)) == OLD + RECENT


def test_what_is_young_enough_stays(log: Any) -> None:
    assert "0 events" in log.run("retain", "--months", 13).stdout
    assert len(stored(log)) == OLD + RECENT, "and where nothing is dropped nothing is written"


def test_what_has_no_leaf_is_not_dropped(log: Any) -> None:
    async def write() -> None:
        database = open_database(log.url, parse_keys(log.keys))
        async with database.units() as unit:
            unit.events.append(made(datetime.now(UTC) - timedelta(days=300), 99))
            await unit.commit()
        await database.close()

    asyncio.run(write())
    assert_refused(log.run("retain", "--months", 6), "not sealed")
    assert len(stored(log)) == OLD + RECENT + 1


def test_an_event_missing_above_the_horizon_is_an_error(log: Any) -> None:
    assert log.run("retain", "--months", 6).exit_code == 0
    log.as_owner(
        "DELETE FROM audit_events WHERE event_id = (SELECT event_id FROM audit_leaves WHERE leaf_index = 6)"
    )
    key = log.key()
    assert_refused(log.verify(log.export(), "--key", key), "leaf 6", "is missing", "from 5 to 8")
    assert_refused(log.run("verify"), "leaf 6", "is missing")


def test_old_events_that_went_without_retention_are_missing(log: Any) -> None:
    log.as_owner("DELETE FROM audit_events WHERE client_id = 'client-3'")
    assert_refused(log.run("verify"), "leaf 3", "is missing", "from 0 to 4")


@pytest.mark.parametrize("detail", ['{"before":"%s"}', '{"before":"2026-02-03T00:00:00+00:00"}'])
def test_a_retention_that_reaches_too_far_explains_nothing(log: Any, detail: str) -> None:
    now = datetime.now(UTC)
    recent = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    before = json.loads(detail.replace("%s", recent.isoformat()))["before"]
    forged = Event(
        event_id=first_id_at(now), at=now, kind=Kind.RETENTION, outcome="ok", detail={"before": before}
    )
    asyncio.run(written(log, [forged]))
    log.as_owner("DELETE FROM audit_events WHERE client_id = 'client-3'")
    assert_refused(log.run("verify"), "must be kept")


def test_heads_from_before_are_still_beginnings_of_the_log(log: Any) -> None:
    def heads() -> list[Any]:
        async def read() -> list[Any]:
            database = open_database(log.url, parse_keys(log.keys))
            async with database.units() as unit:
                found = await unit.seals.heads(0)
            await database.close()
            return found

        return asyncio.run(read())

    async def proof(old: int, new: int) -> Any:
        database = open_database(log.url, parse_keys(log.keys))
        found = await ProveConsistency(database.units)(old, new)
        await database.close()
        return found

    old = heads()[0]
    assert log.run("retain", "--months", 6).exit_code == 0
    new = heads()[-1]
    hashes = asyncio.run(proof(old.size, new.size)).hashes
    assert verify_consistency(old.size, old.root, new.size, new.root, hashes)


def test_the_log_is_append_only_again(log: Any) -> None:
    assert log.run("retain", "--months", 6).exit_code == 0

    async def on_postgresql() -> None:
        connection = await asyncpg.connect(log.url)
        try:
            for table in ("audit_events", "audit_events_earlier"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
                    await connection.execute(f"DELETE FROM {table}")
        finally:
            await connection.close()

    if not log.url.startswith("sqlite"):
        asyncio.run(on_postgresql())
        return
    path = Path(log.url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.IntegrityError, match="append"):
        connection.execute("DELETE FROM audit_events")


def test_verifying_the_installation_is_in_its_log(log: Any) -> None:
    assert log.run("verify").exit_code == 0
    event = stored(log)[0]
    assert (event.kind, event.outcome, event.detail["size"]) == ("log_check", "ok", OLD + RECENT)
