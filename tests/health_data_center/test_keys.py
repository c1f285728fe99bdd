"""The center's data keys and what they seal."""

import base64
import json
from pathlib import Path

import pytest

from app.health_data_center.cipher import BodyCipher, Unreadable
from app.health_data_center.keys import DataKeys, check_key_file, load_keys, make_keys, parse_keys
from app.health_data_center.settings import SettingsError, load_storage

KEY = base64.urlsafe_b64encode(b"k" * 32).rstrip(b"=").decode()


def entry(**changes: object) -> dict[str, object]:
    return {"id": "d1", "alg": "A256GCM", "key": KEY} | changes


def test_the_first_key_seals_and_all_open() -> None:
    old = DataKeys("old", {"old": b"o" * 32})
    both = DataKeys("new", {"new": b"n" * 32, "old": b"o" * 32})
    key_id, sealed = BodyCipher(old).seal(b"body", "row")
    assert BodyCipher(both).open(key_id, sealed, "row") == b"body"
    assert BodyCipher(both).seal(b"body", "row")[0] == "new"
    with pytest.raises(Unreadable):
        BodyCipher(old).open("new", sealed, "row")


def test_a_body_opens_in_its_own_row_alone() -> None:
    cipher = BodyCipher(DataKeys("d1", {"d1": b"k" * 32}))
    key_id, sealed = cipher.seal(b"body", "row")
    with pytest.raises(Unreadable):
        cipher.open(key_id, sealed, "another row")
    for index in range(len(sealed)):
        mangled = bytearray(sealed)
        mangled[index] ^= 1
        with pytest.raises(Unreadable):
            cipher.open(key_id, bytes(mangled), "row")
    for length in range(len(sealed)):
        with pytest.raises(Unreadable):
            cipher.open(key_id, sealed[:length], "row")


def test_keys_are_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "hdc-keys.json"
    assert make_keys(path)
    first = path.read_text()
    assert not make_keys(path)
    assert path.read_text() == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["hdc-keys.json"]
    keys = load_keys(load_storage({"CDC_DATA_DIR": str(path.parent)}))
    assert list(keys.by_id) == [keys.active]
    assert keys.by_id[keys.active].hex() not in repr(keys)


def test_keys_given_outright_come_before_the_file(tmp_path: Path) -> None:
    document = json.dumps({"data": [entry(), entry(id="d0")]})
    keys = load_keys(load_storage({"CDC_DATA_DIR": str(tmp_path), "HDC_KEYS": document}))
    assert (keys.active, set(keys.by_id)) == ("d1", {"d1", "d0"})


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="hdc init"):
        load_keys(load_storage({"CDC_DATA_DIR": str(tmp_path)}))


@pytest.mark.parametrize(
    "document",
    [
        "",
        "[]",
        "{}",
        '{"data": []}',
        '{"data": {}}',
        '{"data": [1]}',
        json.dumps({"data": [entry(alg="none")]}),
        json.dumps({"data": [entry(key=KEY[:-3])]}),
        json.dumps({"data": [entry(key=7)]}),
        json.dumps({"data": [entry(id="")]}),
        json.dumps({"data": [entry(), entry()]}),
        "[" * 100_000,
    ],
)
def test_unusable_documents(document: str) -> None:
    with pytest.raises(SettingsError, match="HDC_KEYS") as failed:
        parse_keys(document, "HDC_KEYS")
    assert KEY[:8] not in str(failed.value)


def test_a_key_file_that_everybody_can_read_is_said_and_one_that_others_can_change_refused(
    tmp_path: Path,
) -> None:
    storage = load_storage({"CDC_DATA_DIR": str(tmp_path)})
    assert check_key_file(storage) is None
    make_keys(storage.keys_file)
    assert check_key_file(storage) is None
    storage.keys_file.chmod(0o644)
    assert "chmod 600" in (check_key_file(storage) or "")
    storage.keys_file.chmod(0o666)
    with pytest.raises(SettingsError, match="can be changed by others"):
        check_key_file(storage)
