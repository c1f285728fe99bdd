"""Makes keys, and keeps them in a file that its owner alone may read."""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from app.adapters.crypto.keys import ALGORITHMS, KEY_BYTES, InvalidKeys, KeyRing, parse_keys

ADDED_LATER = ("checkpoint",)
"""Purposes that a key file of an older version lacks. Any other list that is missing was lost."""


def generate_keys() -> dict[str, list[dict[str, Any]]]:
    """A new key for every purpose, as the key ring's JSON has them."""
    return {purpose: [generate_key(purpose)] for purpose in ALGORITHMS}


def generate_key(purpose: str) -> dict[str, Any]:
    """One new key for a purpose (`signing`, `data`, …), as an entry of the key ring's JSON."""
    name = f"{purpose}-{secrets.token_hex(4)}"
    (algorithm,) = ALGORITHMS[purpose]
    if purpose == "signing":
        return {"kid": name, "alg": algorithm, "jwk": _private_jwk()}
    if purpose == "checkpoint":
        origin = f"customer-data-center/{secrets.token_hex(4)}"
        return {"kid": name, "alg": algorithm, "origin": origin, "key": _new_key()}
    return {"id": name, "alg": algorithm, "key": _new_key()}


def add_missing_keys(path: Path) -> tuple[str, ...]:
    """Makes a key for each purpose that a key file of an older version has none for, and says for which.

    What is there stays as it is. Raises `InvalidKeys`.
    """
    try:
        document = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise InvalidKeys(f"cannot read the key file {path}: {error.strerror}") from None
    except ValueError:
        raise InvalidKeys(f"the key file {path} is not JSON in UTF-8") from None
    if not isinstance(document, dict):
        raise InvalidKeys("the keys must be a JSON object")
    missing = tuple(purpose for purpose in ADDED_LATER if purpose not in document)
    if missing:
        write_keys(path, {**document, **{p: [generate_key(p)] for p in missing}}, replace=True)
    return missing


def read_keys(path: Path) -> KeyRing:
    """Reads a key file. Raises `InvalidKeys`, which names the file where it cannot be read."""
    try:
        return parse_keys(path.read_text("utf-8"))
    except OSError as error:
        raise InvalidKeys(f"cannot read the key file {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InvalidKeys(f"the key file {path} is not UTF-8 text") from None


def write_keys(path: Path, document: Mapping[str, Any], *, replace: bool = False) -> None:
    """Writes a key file, mode 0600, whole or not at all.

    Raises `FileExistsError` where there is one already, unless it is to be replaced: a lost key is lost data.
    """
    parse_keys(json.dumps(document))
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(document, file, indent=2)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        if replace:
            draft.replace(path)
        else:
            os.link(draft, path)  # unlike a rename, fails where the file is there
    finally:
        draft.unlink(missing_ok=True)
    _sync_directory(path.parent)


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _new_key() -> str:
    return _base64url(secrets.token_bytes(KEY_BYTES))


def _private_jwk() -> dict[str, str]:
    """A private key on P-256 as RFC 7518, 6.2 writes it."""
    numbers = ec.generate_private_key(ec.SECP256R1()).private_numbers()
    point = numbers.public_numbers
    members = {"x": point.x, "y": point.y, "d": numbers.private_value}
    written = {name: _base64url(number.to_bytes(32, "big")) for name, number in members.items()}
    return {"kty": "EC", "crv": "P-256", **written}


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
