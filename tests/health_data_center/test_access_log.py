"""The log cannot be changed, and without it nothing is given."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.health_data_center.access_log import AccessEvent, Kind, Result, append
from app.health_data_center.database import Database, StorageUnavailable
from app.health_data_center.failure_tally import FailureTally
from app.health_data_center.origin import Origin

URL = "/v1/customers/CA/records/medical"
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
async def database(migrated: Any) -> Any:
    opened = Database(migrated)
    yield opened
    await opened.close()


CHANGES = {
    "sqlite": [
        "UPDATE access_events SET outcome = 'permit'",
        "DELETE FROM access_events",
        "INSERT OR REPLACE INTO access_events SELECT * FROM access_events",
    ],
    "postgresql": [
        "UPDATE access_events SET outcome = 'permit'",
        "DELETE FROM access_events",
        "TRUNCATE access_events",
        "TRUNCATE access_events, records CASCADE",
    ],
}


async def test_the_database_refuses_changes(database: Any, rows: Any) -> None:
    async with database.transaction() as connection:
        await append(connection, [AccessEvent(at=NOW, kind=Kind.LOOKUP, outcome=Result.DENY)])
    before = await rows("SELECT * FROM access_events")
    for change in CHANGES[database.engine.dialect.name]:
        with pytest.raises(Exception, match="append-only"):
            await rows(change)
    assert await rows("SELECT * FROM access_events") == before


async def _break_the_log(database: Any, rows: Any) -> None:
    """From now on no line can be written, while everything else works."""
    if database.engine.dialect.name == "sqlite":
        await rows(
            "CREATE TRIGGER broken BEFORE INSERT ON access_events BEGIN SELECT RAISE(ABORT, 'broken'); END"
        )
    else:
        await rows("ALTER TABLE access_events ADD CONSTRAINT broken CHECK (false) NOT VALID")


async def test_no_line_no_data(hdc: Any, cdc: Any, encounter: Any, database: Any, rows: Any) -> None:
    await hdc.post("/v1/records", json=encounter(), headers=bearer(cdc.token()))
    cdc.people["1"] = ("CA", "permit")
    await _break_the_log(database, rows)
    elements = dict.fromkeys(("name", "gender", "birth_date", "id_type")) | {"id_number": "1"}
    asked = {**elements, "domains": ["medical"], "purpose": "TREAT"}
    answers = [
        await hdc.get(URL, headers=bearer(cdc.bound_token("CA", "medical"))),
        await hdc.get(URL, headers=bearer(cdc.bound_token("CB", "medical"))),
        await hdc.post("/v1/records", json=encounter(2), headers=bearer(cdc.token())),
        await hdc.post("/v1/lookups", json=asked, headers=bearer(cdc.token())),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
        assert "第一医院" not in answer.text
    assert len(await rows("SELECT * FROM records")) == 1


async def test_a_database_that_is_gone(hdc: Any, cdc: Any, rows: Any) -> None:
    await rows("ALTER TABLE records RENAME TO elsewhere")
    answer = await hdc.get(URL, headers=bearer(cdc.bound_token("CA", "medical")))
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
    assert (await hdc.get("/readyz")).status_code == 503
    assert (await hdc.get("/healthz")).status_code == 200


class Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time


async def test_failures_fold_by_source_and_minute(database: Any, rows: Any) -> None:
    clock = Clock()
    tally = FailureTally(database, clock)
    here, there = Origin("10.0.0.1", "r1"), Origin("10.0.0.2", "r2")
    for reason in ("malformed", "malformed", "expired", "no_token"):
        await tally.note(reason, here)
    await tally.note("malformed", there)
    assert len(await rows("SELECT * FROM access_events")) == 2
    await tally.flush()
    assert len(await rows("SELECT * FROM access_events")) == 2
    clock.time += timedelta(minutes=1)
    await tally.flush()
    events = await rows("SELECT source, reasons, count FROM access_events ORDER BY event_id")
    assert [tuple(event.values()) for event in events] == [
        ("10.0.0.1", '["malformed"]', 1),
        ("10.0.0.2", '["malformed"]', 1),
        ("10.0.0.1", '["expired", "malformed", "no_token"]', 3),
    ]
    await tally.note("malformed", here)
    assert len(await rows("SELECT * FROM access_events")) == 4


async def test_shutdown_writes_what_was_counted(database: Any, rows: Any) -> None:
    tally = FailureTally(database, lambda: NOW)
    for _ in range(3):
        await tally.note("malformed", Origin("10.0.0.1", "r1"))
    await tally.flush(everything=True)
    assert sum(event["count"] for event in await rows("SELECT count FROM access_events")) == 3


async def test_many_sources_are_counted_together(database: Any, rows: Any) -> None:
    tally = FailureTally(database, lambda: NOW)
    for number in range(1005):
        await tally.note("malformed", Origin(f"host-{number}", secrets.token_hex(4)))
    await tally.flush(everything=True)
    events = await rows("SELECT source, count FROM access_events")
    assert len({event["source"] for event in events}) == 1001
    assert sum(event["count"] for event in events) == 1005


async def test_a_failure_is_answered_even_unlogged(hdc: Any, database: Any, rows: Any) -> None:
    await _break_the_log(database, rows)
    assert (await hdc.get(URL, headers=bearer("a.b.c"))).status_code == 401


async def test_errors_never_quote_a_row(database: Any) -> None:
    event = AccessEvent(at=NOW, kind=Kind.LOOKUP, outcome=Result.DENY, request_id="SECRET-VALUE")

    async def twice() -> None:
        async with database.transaction() as connection:
            await append(connection, [event, event])

    with pytest.raises(StorageUnavailable) as failed:
        await twice()
    assert "SECRET-VALUE" not in repr(failed.value)
    assert failed.value.__cause__ is None
