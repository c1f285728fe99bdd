"""The key ring: every key with its name and algorithm. The first key of each list is the active one; the
others still read what was written under them.

    {"signing": [{"kid", "alg": "ES256", "jwk": {private EC key}}],
     "data":    [{"id", "alg": "A256GCM", "key": base64url}],
     "index":   [{"id", "alg": "HS256", "key": base64url}],
     "pepper":  [{"id", "alg": "HS256", "key": base64url}],
     "digest":  [{"id", "alg": "HS256", "key": base64url}],
     "checkpoint": [{"kid", "alg": "Ed25519", "origin", "key": base64url}]}
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ALGORITHMS: Mapping[str, frozenset[str]] = {
    "signing": frozenset({"ES256"}),
    "data": frozenset({"A256GCM"}),
    "index": frozenset({"HS256"}),
    "pepper": frozenset({"HS256"}),
    "digest": frozenset({"HS256"}),
    "checkpoint": frozenset({"Ed25519"}),
}
"""What each list may hold; SM4-GCM and HMAC-SM3 would be further names here."""

NAMED_BY_KID = frozenset({"signing", "checkpoint"})
"""The lists whose public halves others see: their keys are named by `kid`, as in JOSE, the others by `id`."""

KEY_BYTES = 32


_ORIGIN = re.compile(r"[!-*,-~]{1,200}")  # visible ASCII but for '+', which ends the name in a vkey


class InvalidKeys(ValueError):  # noqa: N818 - named as the operator sees it
    """Keys that cannot be used. The message names the entry and what is wrong, never a key."""


@dataclass(frozen=True, slots=True)
class SymmetricKey:
    """One secret key of 256 bits. `key_id` is stored beside what was made with it."""

    key_id: str
    algorithm: str
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CheckpointKey:
    """A private Ed25519 key (its 32 bytes of RFC 8032) that signs the access log's checkpoints.

    `origin` is the name of the log, which outlives its keys: what C2SP calls a log's origin and key name.
    """

    key_id: str
    origin: str
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys of an installation; `signing` stays as the JSON has it, for the token signer to build."""

    signing: tuple[Mapping[str, Any], ...] = field(repr=False)
    data: tuple[SymmetricKey, ...]
    index: tuple[SymmetricKey, ...]
    pepper: tuple[SymmetricKey, ...]
    digest: tuple[SymmetricKey, ...]
    checkpoint: tuple[CheckpointKey, ...]


def parse_keys(text: str) -> KeyRing:
    """Reads the JSON of a key ring. Raises `InvalidKeys`."""
    try:
        document = json.loads(text)
    except ValueError:
        raise InvalidKeys("the keys are not JSON") from None
    return key_ring(document)


def key_ring(document: object) -> KeyRing:
    """The key ring of a parsed document. Raises `InvalidKeys`."""
    if not isinstance(document, Mapping):
        raise InvalidKeys("the keys must be a JSON object")
    unknown = sorted(set(map(str, document)) - set(ALGORITHMS))
    if unknown:
        raise InvalidKeys(f"unknown list of keys: {', '.join(unknown)}")
    lists = {purpose: _entries(document, purpose) for purpose in ALGORITHMS}
    return KeyRing(
        signing=tuple(_signing_entry(e, f"signing[{i}]") for i, e in enumerate(lists["signing"])),
        data=_symmetric_keys(lists["data"], "data"),
        index=_symmetric_keys(lists["index"], "index"),
        pepper=_symmetric_keys(lists["pepper"], "pepper"),
        digest=_symmetric_keys(lists["digest"], "digest"),
        checkpoint=_checkpoint_keys(lists["checkpoint"]),
    )


def _entries(document: Mapping[str, Any], purpose: str) -> Sequence[Mapping[str, Any]]:
    entries = document.get(purpose)
    if not isinstance(entries, list) or not entries:
        hint = "; cdc init adds it to an older key file" if purpose == "checkpoint" else ""
        raise InvalidKeys(f"{purpose}: a list with at least one key is needed{hint}")
    name = "kid" if purpose in NAMED_BY_KID else "id"
    for position, entry in enumerate(entries):
        where = f"{purpose}[{position}]"
        if not isinstance(entry, Mapping):
            raise InvalidKeys(f"{where}: must be an object")
        if not isinstance(entry.get(name), str) or not entry[name]:
            raise InvalidKeys(f"{where}: {name} must be a non-empty text")
        if entry.get("alg") not in ALGORITHMS[purpose]:
            raise InvalidKeys(f"{where}: alg must be {' or '.join(sorted(ALGORITHMS[purpose]))}")
    if len({entry[name] for entry in entries}) != len(entries):
        raise InvalidKeys(f"{purpose}: two keys have the same {name}")
    return entries


def _signing_entry(entry: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    jwk = entry.get("jwk")
    if not isinstance(jwk, Mapping) or jwk.get("crv") != "P-256" or not isinstance(jwk.get("d"), str):
        raise InvalidKeys(f"{where}: jwk must be a private EC key on P-256")
    return entry


def _symmetric_keys(entries: Sequence[Mapping[str, Any]], purpose: str) -> tuple[SymmetricKey, ...]:
    return tuple(
        SymmetricKey(entry["id"], entry["alg"], _key(entry.get("key"), f"{purpose}[{position}]"))
        for position, entry in enumerate(entries)
    )


def _checkpoint_keys(entries: Sequence[Mapping[str, Any]]) -> tuple[CheckpointKey, ...]:
    return tuple(
        CheckpointKey(
            entry["kid"],
            _origin(entry.get("origin"), f"checkpoint[{position}]"),
            _key(entry.get("key"), f"checkpoint[{position}]"),
        )
        for position, entry in enumerate(entries)
    )


def _origin(text: object, where: str) -> str:
    if not isinstance(text, str) or not _ORIGIN.fullmatch(text):
        raise InvalidKeys(f"{where}: origin must be a name without spaces or '+'")
    return text


def _key(text: object, where: str) -> bytes:
    try:
        key = base64.b64decode(str(text) + "=" * (-len(str(text)) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise InvalidKeys(f"{where}: key must be base64url") from None
    if len(key) != KEY_BYTES:
        raise InvalidKeys(f"{where}: key must have {KEY_BYTES * 8} bits")
    return key
