"""A key file through a rotation, step by step."""

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.adapters.crypto.cipher import Cipher
from app.adapters.crypto.key_file import generate_keys, read_keys, write_keys
from app.adapters.crypto.key_rotation import (
    announce_key,
    promote_key,
    replace_signing_keys,
    retire_older_keys,
    unfinished_rotation,
)
from app.adapters.crypto.key_watch import KeyWatch
from app.adapters.crypto.keys import InvalidKeys, KeyRing

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "keys.json"
    write_keys(path, generate_keys())
    return path


def _signing(path: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(path.read_text())["signing"]
    return entries


def test_a_key_is_announced_before_it_is_used(file: Path) -> None:
    (old,) = _signing(file)
    new = announce_key(file, "signing")
    assert [entry["kid"] for entry in _signing(file)] == [old["kid"], new]
    # Broken off here, a second rotation goes on with the announced key.
    assert announce_key(file, "signing") == new
    promote_key(file, "signing", NOW, HOUR)
    active, kept = _signing(file)
    assert (active["kid"], "next" in active, "until" in active) == (new, False, False)
    assert kept == {**old, "until": "2026-11-22T04:00:00+00:00"}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_key_whose_tokens_have_lapsed_goes_with_the_next_rotation(file: Path) -> None:
    names = [_signing(file)[0]["kid"]]
    for hour in (0, 1, 2):
        names.insert(0, announce_key(file, "signing"))
        promote_key(file, "signing", NOW + hour * HOUR, HOUR)
        assert [entry["kid"] for entry in _signing(file)] == names[:2]


def test_the_end_of_an_old_key_is_not_put_off(file: Path) -> None:
    for minutes in (0, 30):
        announce_key(file, "signing")
        promote_key(file, "signing", NOW + timedelta(minutes=minutes), HOUR)
    ends = [entry.get("until") for entry in _signing(file)]
    assert ends == [None, "2026-11-22T04:30:00+00:00", "2026-11-22T04:00:00+00:00"]


def test_compromised_keys_leave_nothing_behind(file: Path) -> None:
    before = json.loads(file.read_text())
    announce_key(file, "signing")
    new = replace_signing_keys(file)
    after = json.loads(file.read_text())
    assert [entry["kid"] for entry in after.pop("signing")] == [new]
    before.pop("signing")
    assert after == before


def test_an_old_data_key_reads_for_ever(file: Path) -> None:
    cipher = Cipher(read_keys(file).data)
    first, sealed = cipher.active_id, cipher.seal(b"content", b"row")
    new = announce_key(file, "data")
    cipher.use(read_keys(file).data)
    assert cipher.active_id == first
    promote_key(file, "data", NOW, None)
    cipher.use(read_keys(file).data)
    assert cipher.active_id == new
    assert cipher.open(sealed, first, b"row") == b"content"
    assert cipher.open(cipher.seal(b"new", b"row"), new, b"row") == b"new"


def test_a_file_that_is_not_whole_is_not_touched(file: Path) -> None:
    file.write_text("{}")
    with pytest.raises(InvalidKeys):
        announce_key(file, "signing")
    assert file.read_text() == "{}"
    with pytest.raises(InvalidKeys, match="cannot read"):
        replace_signing_keys(file.with_name("none.json"))


def test_a_changed_file_is_taken_up_and_a_broken_one_is_not(file: Path) -> None:
    told: list[KeyRing] = []
    watch = KeyWatch(file)
    watch.tell(told.append)
    watch.look()
    assert not told
    new = replace_signing_keys(file)
    watch.look()
    watch.look()
    assert [ring.signing[0]["kid"] for ring in told] == [new]
    file.write_text("{}")
    watch.look()
    file.unlink()
    watch.look()
    assert len(told) == 1


def test_a_rotation_is_unfinished_while_an_older_key_is_there(file: Path) -> None:
    (old,) = (key.key_id for key in read_keys(file).index)
    assert unfinished_rotation(file, "index") is None
    new = announce_key(file, "index")
    assert unfinished_rotation(file, "index") is None, "it is not active yet"
    promote_key(file, "index", NOW, None)
    assert unfinished_rotation(file, "index") == new
    assert retire_older_keys(file, "index", new) == (old,)
    assert [key.key_id for key in read_keys(file).index] == [new]
    assert unfinished_rotation(file, "index") is None


def test_no_key_is_retired_for_one_that_is_not_active_any_more(file: Path) -> None:
    first = announce_key(file, "index")
    promote_key(file, "index", NOW, None)
    announced = announce_key(file, "index")
    assert len(retire_older_keys(file, "index", first)) == 1
    assert [key.key_id for key in read_keys(file).index] == [first, announced], "what is announced stays"
    promote_key(file, "index", NOW, None)
    before = file.read_text()
    with pytest.raises(InvalidKeys, match="another rotation"):
        retire_older_keys(file, "index", first)
    assert file.read_text() == before
