"""An installation with a sealed log, its owner's hands on the database, and the auditor's command."""

import asyncio
import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from app.adapters.clock import SystemClock
from app.adapters.crypto.checkpoint_signer import NoteSigner
from app.adapters.crypto.key_file import generate_key, generate_keys
from app.adapters.crypto.keys import parse_keys
from app.adapters.db.database import open_database
from app.adapters.ids import RandomIds
from app.cli.root import app
from app.core.audit.event import Event, Kind
from app.services.seal_log import SealLog
from app.settings import read_settings

TABLES = ("audit_events", "audit_leaves", "audit_tiles", "audit_checkpoints")


def assert_refused(result: Result, *words: str) -> None:
    """The command failed, and said each of these."""
    assert result.exit_code == 1, result.output
    assert all(word in result.stderr for word in words), result.stderr


@dataclass
class Installation:
    """What an operator, an owner of the database and an auditor can do."""

    folder: Path
    url: str
    keys: str

    def run(self, *arguments: object) -> Result:
        """A command."""
        return CliRunner().invoke(app, ["audit", *map(str, arguments)])

    def key(self) -> str:
        return self.run("key").stdout.strip()

    def export(self, name: str = "export.ndjson", *options: str) -> Path:
        path = self.folder / name
        result = self.run("export", path, *options)
        assert result.exit_code == 0, result.output
        return path

    def verify(self, export: Path, *options: object) -> Result:
        """Without the installation: its variables are gone."""
        with pytest.MonkeyPatch.context() as patch:
            for name in ("CDC_DATABASE_URL", "CDC_KEYS", "CDC_DATA_DIR"):
                patch.delenv(name)
            return self.run("verify", export, *options)

    def seal(self, count: int, *, batches: int = 1, keys: str | None = None) -> str:
        """Events, and a checkpoint for each batch; the note of the last one."""
        return asyncio.run(self._seal(count, batches, keys or self.keys))

    async def _seal(self, count: int, batches: int, keys: str) -> str:
        ring, ids, clock = parse_keys(keys), RandomIds(), SystemClock(read_settings().timezone)
        database = open_database(self.url, ring)
        try:
            seal = SealLog(database.units, NoteSigner(ring.checkpoint), clock)
            for _ in range(batches):
                async with database.units() as unit:
                    unit.events.append(*(_event(ids, clock, n) for n in range(count)))
                    await unit.commit()
                await seal()
            head = await seal.newest()
            assert head is not None
            return head.note
        finally:
            await database.close()

    def as_owner(self, *statements: str) -> None:
        """Whoever owns the database can switch the triggers off."""
        if self.url.startswith("sqlite"):
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"))) as connection, connection:
                names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
                for statement in [*(f"DROP TRIGGER {name}" for (name,) in names), *statements]:
                    connection.execute(statement)
            return
        asyncio.run(self._as_owner(*(f"ALTER TABLE {t} DISABLE TRIGGER ALL" for t in TABLES), *statements))

    async def _as_owner(self, *statements: str) -> None:
        connection = await asyncpg.connect(self.url)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    def other_keys(self) -> str:
        """The same keys but for the one that signs checkpoints: what only somebody else has."""
        document = json.loads(self.keys)
        origin = document["checkpoint"][0]["origin"]
        return json.dumps({**document, "checkpoint": [{**generate_key("checkpoint"), "origin": origin}]})


def _event(ids: RandomIds, clock: SystemClock, number: int) -> Event:
    return Event(
        event_id=ids.uuid(),
        at=clock.now(),
        kind=Kind.MATCH,
        outcome="match" if number % 2 else "no_match",
        client_id=f"partner-{number}",
        reasons=("care_between_domains",),
        detail={"score": 0.25, "名": "值"},
        statement="written reason" if number % 7 == 0 else None,
    )


@pytest.fixture
def installation(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    keys = json.dumps(generate_keys())
    monkeypatch.setenv("CDC_DATABASE_URL", database_url)
    monkeypatch.setenv("CDC_KEYS", keys)
    monkeypatch.setenv("CDC_DATA_DIR", str(tmp_path))
    return Installation(tmp_path, database_url, keys)


@pytest.fixture
def soon() -> str:
    return (datetime.now(UTC) + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%S")
