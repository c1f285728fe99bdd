"""The key ring and its file."""

import base64
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.adapters.crypto.key_file import (
    add_missing_keys,
    generate_key,
    generate_keys,
    read_keys,
    write_keys,
)
from app.adapters.crypto.keys import ALGORITHMS, InvalidKeys, key_ring, parse_keys

Document = dict[str, Any]


def test_generated_keys_are_a_key_ring() -> None:
    ring = parse_keys(json.dumps(generate_keys()))
    assert [key.algorithm for key in ring.data + ring.index] == ["A256GCM", "HS256"]
    assert all(len(key.key) == 32 for key in ring.data + ring.index + ring.pepper + ring.digest)
    assert ring.signing[0]["alg"] == "ES256"


def test_no_key_is_generated_twice() -> None:
    assert all(generate_key(purpose) != generate_key(purpose) for purpose in ALGORITHMS)


def test_the_first_key_of_a_list_comes_first() -> None:
    document = generate_keys()
    document["data"].append(generate_key("data"))
    ids = [key.key_id for key in key_ring(document).data]
    assert ids == [entry["id"] for entry in document["data"]]


def test_keys_do_not_show_when_printed() -> None:
    document = generate_keys()
    shown = repr(key_ring(document))
    assert document["data"][0]["id"] in shown
    for secret in (document["signing"][0]["jwk"]["d"], document["data"][0]["key"]):
        assert secret not in shown
    assert repr(base64.urlsafe_b64decode(document["data"][0]["key"] + "=")) not in shown


def _drop(purpose: str) -> Callable[[Document], object]:
    return lambda document: document.pop(purpose)


def _put(purpose: str, name: str, value: object) -> Callable[[Document], object]:
    return lambda document: document[purpose][0].update({name: value})


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (_drop("pepper"), "pepper"),
        (lambda document: document.update(index=[]), "index"),
        (lambda document: document.update(index={}), "index"),
        (lambda document: document.update(data=["geheim"]), r"data\[0\]"),
        (lambda document: document["data"].append(document["data"][0]), "data: two keys"),
        (lambda document: document.update(others=[]), "others"),
        (_put("data", "id", ""), r"data\[0\]: id"),
        (_put("data", "id", 7), r"data\[0\]: id"),
        (_put("data", "alg", "none"), r"data\[0\]: alg must be A256GCM"),
        (_put("index", "alg", "A256GCM"), r"index\[0\]: alg must be HS256"),
        (_put("digest", "key", "geheim!"), r"digest\[0\]: key must be base64url"),
        (_put("digest", "key", "geheim"), r"digest\[0\]: key"),
        (_put("digest", "key", None), r"digest\[0\]: key"),
        (_drop("checkpoint"), "checkpoint: .* cdc init adds it"),
        (_put("checkpoint", "kid", ""), r"checkpoint\[0\]: kid"),
        (_put("checkpoint", "alg", "ES256"), r"checkpoint\[0\]: alg must be Ed25519"),
        (_put("checkpoint", "key", "geheim"), r"checkpoint\[0\]: key"),
        (_put("checkpoint", "origin", "a+geheim"), r"checkpoint\[0\]: origin"),
        (_put("checkpoint", "origin", None), r"checkpoint\[0\]: origin"),
        (_put("signing", "kid", None), r"signing\[0\]: kid"),
        (_put("signing", "alg", "RS256"), r"signing\[0\]: alg must be ES256"),
        (_put("signing", "jwk", {"kty": "EC", "crv": "P-256"}), r"signing\[0\]: jwk"),
    ],
)
def test_what_is_wrong_is_named_and_no_key_is_shown(spoil: Callable[[Document], object], named: str) -> None:
    document = generate_keys()
    spoil(document)
    with pytest.raises(InvalidKeys, match=named) as refused:
        key_ring(document)
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '"geheim"'])
def test_text_that_is_no_key_ring_is_refused(text: str) -> None:
    with pytest.raises(InvalidKeys) as refused:
        parse_keys(text)
    assert "geheim" not in str(refused.value)


def test_a_key_file_is_its_owners_alone_and_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    document = generate_keys()
    write_keys(path, document)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_keys(path) == key_ring(document)
    assert os.listdir(tmp_path) == ["keys.json"]


def test_a_key_file_is_never_replaced_by_accident(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    first, second = generate_keys(), generate_keys()
    write_keys(path, first)
    with pytest.raises(FileExistsError):
        write_keys(path, second)
    assert read_keys(path) == key_ring(first)
    write_keys(path, second, replace=True)
    assert read_keys(path) == key_ring(second)
    assert os.listdir(tmp_path) == ["keys.json"]


def test_an_older_key_file_gets_the_key_that_it_lacks_and_keeps_the_others(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    document = generate_keys()
    write_keys(path, document)
    assert add_missing_keys(path) == ()
    path.write_text(json.dumps({name: keys for name, keys in document.items() if name != "checkpoint"}))
    with pytest.raises(InvalidKeys, match="cdc init"):
        read_keys(path)
    assert add_missing_keys(path) == ("checkpoint",)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    ring, before = read_keys(path), key_ring(document)
    assert (ring.signing, ring.data, ring.pepper) == (before.signing, before.data, before.pepper)
    assert ring.checkpoint != before.checkpoint


def test_a_lost_key_is_not_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    document = generate_keys()
    del document["data"], document["checkpoint"]
    path.write_text(json.dumps(document))
    with pytest.raises(InvalidKeys, match="data"):
        add_missing_keys(path)
    assert json.loads(path.read_text()) == document


@pytest.mark.parametrize("text", ["", "[]", "geheim"])
def test_a_file_that_is_no_key_file_gets_no_key(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text)
    with pytest.raises(InvalidKeys) as refused:
        add_missing_keys(path)
    assert "geheim" not in str(refused.value)
    with pytest.raises(InvalidKeys, match="missing"):
        add_missing_keys(tmp_path / "missing.json")


def test_unusable_keys_are_not_written(tmp_path: Path) -> None:
    with pytest.raises(InvalidKeys):
        write_keys(tmp_path / "keys.json", {"signing": []})
    assert os.listdir(tmp_path) == []


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidKeys, match="missing"):
        read_keys(tmp_path / "missing.json")
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidKeys, match="UTF-8"):
        read_keys(tmp_path / "binary.json")
