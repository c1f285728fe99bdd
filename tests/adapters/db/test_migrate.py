"""The schema: made, checked against the tables, taken back and made again."""

import sqlite3
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.adapters.crypto.keys import KeyRing
from app.adapters.db import migrate
from app.adapters.db.database import open_database
from app.adapters.db.url import InvalidDatabaseUrl
from app.adapters.ids import RandomIds
from app.core.access.emergency import EmergencyFilter
from app.core.audit.event import Event, Kind
from app.services.ports import StorageUnavailable
from tests.postgresql import aside


def test_upgrade_brings_an_empty_database_to_the_tables_of_this_version(empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url)
    assert migrate.current(empty_database_url) == migrate.head()
    assert migrate.check(empty_database_url) == []


def test_upgrade_does_nothing_the_second_time(empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url)
    migrate.upgrade(empty_database_url)
    assert migrate.current(empty_database_url) == migrate.head()


def test_the_schema_goes_down_and_up_again(empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url)
    migrate.downgrade(empty_database_url, "base")
    assert migrate.current(empty_database_url) is None
    assert any("audit_events" in difference for difference in migrate.check(empty_database_url))
    migrate.upgrade(empty_database_url)
    assert migrate.check(empty_database_url) == []


def test_a_difference_is_found(sqlite_url: str) -> None:
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as connection:
        connection.execute("ALTER TABLE clients DROP COLUMN rate")
    connection.close()
    (difference,) = migrate.check(sqlite_url)
    assert "rate" in difference


def test_a_new_sqlite_file_is_its_owners_alone_and_writes_ahead(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    migrate.upgrade(f"sqlite:///{path}")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_a_failed_migration_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "half.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE clients (client_id TEXT)")  # in the way of the migration's own
    connection.close()
    with pytest.raises(StorageUnavailable):
        migrate.upgrade(f"sqlite:///{path}")
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall() == [
        ("clients",)
    ]
    connection.close()


@pytest.mark.parametrize(
    "url", ["postgresql://nobody@127.0.0.1:1/none", "sqlite:////nowhere/at/all.db", "sqlite:////proc/version"]
)
def test_a_database_that_cannot_be_reached_is_said_so(url: str) -> None:
    with pytest.raises(StorageUnavailable):
        migrate.upgrade(url)


@pytest.mark.parametrize("url", ["", "no url", "mysql://u:geheim@h/d", "sqlite://", "sqlite:///:memory:"])
def test_a_url_of_another_kind_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(InvalidDatabaseUrl) as refused:
        migrate.upgrade(url)
    assert "geheim" not in str(refused.value)


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "cdc.db"
    path.touch(mode=0o644)
    migrate.upgrade(f"sqlite:///{path}")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_emergencies_of_before_wait_for_a_verdict(database_url: str, key_ring: KeyRing) -> None:
    """What was permitted before there was a table for it."""
    ids, now = RandomIds(), datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    known: dict[str, Any] = {
        "kind": Kind.ACCESS,
        "client_id": "hospital",
        "customer_id": "CM6SC7N75YR3HGA9TO",
    }
    asked = [("permit", "ETREAT"), ("deny", "ETREAT"), ("permit", "TREAT")]
    events = [
        Event(event_id=ids.uuid(), at=now, outcome=o, purpose=p, domains=("medical",), **known)
        for o, p in asked
    ]
    aside(lambda: migrate.downgrade(database_url, "0013"))
    database = open_database(database_url, key_ring)
    async with database.units() as unit:
        unit.events.append(*events)
        await unit.commit()
    await database.close()
    aside(lambda: migrate.upgrade(database_url))
    database = open_database(database_url, key_ring)
    async with database.units() as unit:
        (waiting,) = await unit.emergencies.list(EmergencyFilter(decided=False), None, 10)
    await database.close()
    assert (waiting.event_id, waiting.at, waiting.domains) == (events[0].event_id, now, ("medical",))
    assert (waiting.client_id, waiting.verdict) == ("hospital", None)
