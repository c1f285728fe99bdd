"""`cdc keys rotate` at the terminal."""

import asyncio
import base64
import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.adapters.crypto.key_rotation import announce_key, promote_key
from app.bootstrap.ground import open_ground
from app.cli import rotating
from app.core.audit.event import Event, Kind
from app.settings import read_settings
from tests.cli.conftest import Cdc
from tests.cli.test_importing import HEADER, ROW, importing


@pytest.fixture
def center(cdc: Cdc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cdc:
    """One person registered; nobody else runs, so nobody is waited for."""
    monkeypatch.setattr(rotating, "TAKEN_UP_AFTER", 0.0)
    monkeypatch.setattr(rotating, "INDEX_TAKEN_UP_AFTER", 0.0)
    assert cdc("init").exit_code == 0
    file = tmp_path / "people.csv"
    file.write_text(HEADER + ROW, encoding="utf-8")
    assert importing(cdc, file).exit_code == 0
    return cdc


def rows(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    database = sqlite3.connect(folder / "var" / "cdc.db")
    try:
        return database.execute(sql).fetchall()
    finally:
        database.close()


def index_keys(folder: Path) -> list[str]:
    document = json.loads((folder / "var" / "keys.json").read_text())
    return [entry["id"] for entry in document["index"]]


def events(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    found = rows(
        folder, "SELECT outcome, detail FROM audit_events WHERE kind = 'key_rotation' ORDER BY event_id"
    )
    return [(outcome, json.loads(detail)) for outcome, detail in found]


def test_the_old_key_is_retired_once_no_record_is_under_it(center: Cdc, tmp_path: Path) -> None:
    (old,) = index_keys(tmp_path)
    before = set(rows(tmp_path, "SELECT key FROM blocking_keys"))
    done = center("keys", "rotate", "index")
    assert done.exit_code == 0, done.output
    (new,) = index_keys(tmp_path)
    assert new != old
    assert f"no record is under {old} any more: retired" in done.output
    assert rows(tmp_path, "SELECT index_key_id FROM source_records") == [(new,)]
    after = set(rows(tmp_path, "SELECT key FROM blocking_keys"))
    assert len(after) == len(before)
    assert not after & before
    begun, ended = events(tmp_path)
    assert begun == ("rotated", {"purpose": "index", "key": new, "by": "operator"})
    assert ended == ("reindexed", {"purpose": "index", "key": new, "by": "operator", "records": 1, "left": 0})


def test_a_rotation_that_was_broken_off_goes_on(center: Cdc, tmp_path: Path) -> None:
    file = tmp_path / "var" / "keys.json"
    key_id = announce_key(file, "index")
    promote_key(file, "index", datetime.now(UTC), None)
    done = center("keys", "rotate", "index")
    assert done.exit_code == 0, done.output
    assert index_keys(tmp_path) == [key_id]
    assert rows(tmp_path, "SELECT index_key_id FROM source_records") == [(key_id,)]
    assert [outcome for outcome, _ in events(tmp_path)] == ["resumed", "reindexed"]


def test_customers_keys_are_wrapped_under_the_new_data_key(center: Cdc, tmp_path: Path) -> None:
    ((wrapped, old),) = rows(tmp_path, "SELECT wrapped, data_key_id FROM customer_keys")
    sealed = rows(tmp_path, "SELECT sealed, data_key_id FROM source_records")
    done = center("keys", "rotate", "data")
    assert done.exit_code == 0, done.output
    ring = [entry["id"] for entry in json.loads((tmp_path / "var" / "keys.json").read_text())["data"]]
    assert (len(ring), ring[1]) == (2, old), "the old key stays until it is retired"
    ((again, under),) = rows(tmp_path, "SELECT wrapped, data_key_id FROM customer_keys")
    assert under == ring[0]
    assert again != wrapped
    assert rows(tmp_path, "SELECT sealed, data_key_id FROM source_records") == sealed
    assert [outcome for outcome, _ in events(tmp_path)] == ["rotated", "rewrapped", "resealed"]
    assert events(tmp_path)[1][1] == {"purpose": "data", "key": under, "by": "operator", "keys": 1, "left": 0}


def data_keys(folder: Path) -> list[str]:
    document = json.loads((folder / "var" / "keys.json").read_text())
    return [entry["id"] for entry in document["data"]]


def state_something(folder: Path) -> None:
    """An event about nobody, with words in it, as older versions of the service and denials leave them."""

    async def note() -> None:
        async with open_ground(read_settings({"CDC_DATA_DIR": str(folder / "var")})) as ground:
            event = Event(
                event_id=ground.ids.uuid(),
                at=ground.clock.now(),
                kind=Kind.ACCESS,
                outcome="deny",
                statement="unconscious",
            )
            async with ground.units() as unit:
                unit.events.append(event)
                await unit.commit()

    asyncio.run(note())


def test_an_older_data_key_is_retired_once_nothing_rests_under_it(center: Cdc, tmp_path: Path) -> None:
    (old,) = data_keys(tmp_path)
    assert f"{old} (active): customer_keys 1" in center("keys", "rows").output
    assert center("keys", "retire", "data").output == ""
    assert center("keys", "rotate", "data").exit_code == 0
    new, _ = data_keys(tmp_path)
    assert center("keys", "rows").output == f"{new} (active): customer_keys 1\n{old} (older): nothing\n"
    done = center("keys", "retire", "data")
    assert done.exit_code == 0, done.output
    assert f"{old} is retired" in done.output
    assert data_keys(tmp_path) == [new]
    assert events(tmp_path)[-1] == ("retired", {"purpose": "data", "key": old, "by": "operator"})


def test_what_the_log_states_keeps_its_key(center: Cdc, tmp_path: Path) -> None:
    (old,) = data_keys(tmp_path)
    state_something(tmp_path)
    before = rows(tmp_path, "SELECT event_id, statement, data_key_id FROM audit_events WHERE statement <> ''")
    assert center("keys", "rotate", "data").exit_code == 0
    stays = center("keys", "retire", "data")
    assert stays.exit_code == 1
    assert f"{old} stays: audit_events 1" in stays.output
    assert data_keys(tmp_path)[1:] == [old]
    after = rows(tmp_path, "SELECT event_id, statement, data_key_id FROM audit_events WHERE statement <> ''")
    assert after == before, "the log is never rewritten"


def test_a_rotation_of_data_keys_that_was_broken_off_goes_on(center: Cdc, tmp_path: Path) -> None:
    file = tmp_path / "var" / "keys.json"
    key_id = announce_key(file, "data")
    promote_key(file, "data", datetime.now(UTC), None)
    done = center("keys", "rotate", "data")
    assert done.exit_code == 0, done.output
    assert data_keys(tmp_path)[0] == key_id
    assert rows(tmp_path, "SELECT data_key_id FROM customer_keys") == [(key_id,)]
    assert [outcome for outcome, _ in events(tmp_path)] == ["resumed", "rewrapped", "resealed"]
    assert center("keys", "rotate", "data").exit_code == 0
    assert data_keys(tmp_path)[0] != key_id, "nothing was left to do: this is another rotation"


@pytest.mark.parametrize("which", ["data", "index"])
def test_keys_of_the_environment_are_rotated_there_and_settled_here(
    center: Cdc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    document = json.loads((tmp_path / "var" / "keys.json").read_text())
    new = {"id": "new", "alg": document[which][0]["alg"], "key": base64.urlsafe_b64encode(bytes(32)).decode()}
    monkeypatch.setenv("CDC_KEYS", json.dumps({**document, which: [new, *document[which]]}))
    refused = center("keys", "rotate", which)
    assert refused.exit_code == 1
    assert "CDC_KEYS" in refused.output
    assert center("keys", "retire", "data").exit_code == 1
    done = center("keys", "settle", which)
    assert done.exit_code == 0, done.output
    assert "nothing left under an older key than new" in done.output
    table, column = (
        ("customer_keys", "data_key_id") if which == "data" else ("source_records", "index_key_id")
    )
    assert rows(tmp_path, f"SELECT {column} FROM {table}") == [("new",)]
    told = [outcome for outcome, _ in events(tmp_path)]
    assert told == (["rewrapped", "resealed"] if which == "data" else ["reindexed"])
