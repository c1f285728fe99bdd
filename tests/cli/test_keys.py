"""`cdc keys rotate` at the terminal."""

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.adapters.crypto.key_rotation import announce_key, promote_key
from app.cli import keys
from tests.cli.test_importing import HEADER, ROW, Cdc, importing


@pytest.fixture
def center(cdc: Cdc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cdc:
    """One person registered; nobody else runs, so nobody is waited for."""
    monkeypatch.setattr(keys, "TAKEN_UP_AFTER", 0.0)
    monkeypatch.setattr(keys, "INDEX_TAKEN_UP_AFTER", 0.0)
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
    assert (len(ring), ring[1]) == (2, old), "the old key stays for what else it sealed"
    ((again, under),) = rows(tmp_path, "SELECT wrapped, data_key_id FROM customer_keys")
    assert under == ring[0]
    assert again != wrapped
    assert rows(tmp_path, "SELECT sealed, data_key_id FROM source_records") == sealed
    assert [outcome for outcome, _ in events(tmp_path)] == ["rotated", "rewrapped"]
    assert events(tmp_path)[1][1] == {"purpose": "data", "key": under, "by": "operator", "keys": 1, "left": 0}
