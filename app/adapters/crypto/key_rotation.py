"""Changes the active key of a key file, in two steps, so that no process meets what it has no key for."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from app.adapters.crypto.key_file import generate_key, write_keys
from app.adapters.crypto.keys import NAMED_BY_KID, InvalidKeys, parse_keys

Purpose = Literal["signing", "data", "index"]
_NEXT = "next"
"""Marks the key that is known everywhere and used nowhere yet."""


def announce_key(path: Path, purpose: Purpose) -> str:
    """Adds a new key that reads and does not write yet; returns its ID. One that a rotation announced before
    it was broken off is taken up again. Raises `InvalidKeys`."""
    document = _read(path)
    announced = [entry for entry in document[purpose] if entry.get(_NEXT)]
    if announced:
        return _name(announced[0], purpose)
    key = {**generate_key(purpose), _NEXT: True}
    write_keys(path, {**document, purpose: [*document[purpose], key]}, replace=True)
    return _name(key, purpose)


def promote_key(path: Path, purpose: Purpose, now: datetime, verify_for: timedelta | None) -> None:
    """Makes the announced key the active one. The others read on: for ever, or where `verify_for` is given
    until it is over; those that were over before go. Raises `InvalidKeys`."""
    document = _read(path)
    entries: Sequence[Mapping[str, Any]] = document[purpose]
    new = [{k: v for k, v in entry.items() if k != _NEXT} for entry in entries if entry.get(_NEXT)]
    old = [entry for entry in entries if not entry.get(_NEXT) and _until(entry, now) > now]
    if verify_for is not None:
        end = (now + verify_for).astimezone(UTC).isoformat(timespec="seconds")
        old = [{"until": end, **entry} for entry in old]
    write_keys(path, {**document, purpose: [*new, *old]}, replace=True)


def unfinished_rotation(path: Path, purpose: Purpose) -> str | None:
    """The active key's ID where older ones are still beside it, and no newer one is announced: what is stored
    under those is still to be brought under it. Raises `InvalidKeys`."""
    entries = _read(path)[purpose]
    if len(entries) == 1 or any(entry.get(_NEXT) for entry in entries):
        return None
    return _name(entries[0], purpose)


def older_keys(path: Path, purpose: Purpose) -> tuple[str, tuple[str, ...]]:
    """The active key's ID, and those of the keys before it. Raises `InvalidKeys`."""
    active, *others = _read(path)[purpose]
    older = [_name(entry, purpose) for entry in others if not entry.get(_NEXT)]
    return _name(active, purpose), tuple(older)


def retire_older_keys(
    path: Path, purpose: Purpose, active_id: str, only: Collection[str] | None = None
) -> tuple[str, ...]:
    """Takes out the keys older than the active one, which must still be `active_id`: all, or `only` these;
    returns their IDs. Nothing may need them any more. Raises `InvalidKeys`."""
    document = _read(path)
    active, *others = document[purpose]
    if _name(active, purpose) != active_id:
        raise InvalidKeys(f"{purpose}: another rotation has begun meanwhile; no key is retired")
    older = [_name(entry, purpose) for entry in others if not entry.get(_NEXT)]
    retired = [name for name in older if only is None or name in only]
    kept = [entry for entry in others if _name(entry, purpose) not in retired]
    write_keys(path, {**document, purpose: [active, *kept]}, replace=True)
    return tuple(retired)


def replace_signing_keys(path: Path) -> str:
    """A new signing key, and no other: what any older one signed is worth nothing. Returns its ID.

    Raises `InvalidKeys`.
    """
    key = generate_key("signing")
    write_keys(path, {**_read(path), "signing": [key]}, replace=True)
    return _name(key, "signing")


def _read(path: Path) -> dict[str, Any]:
    """The document of a key file that is whole."""
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise InvalidKeys(f"cannot read the key file {path}: {error.strerror}") from None
    parse_keys(text)
    document: dict[str, Any] = json.loads(text)
    return document


def _until(entry: Mapping[str, Any], now: datetime) -> datetime:
    text = entry.get("until")
    return datetime.fromisoformat(text) if text is not None else now + timedelta(days=1)


def _name(entry: Mapping[str, Any], purpose: Purpose) -> str:
    name: str = entry["kid" if purpose in NAMED_BY_KID else "id"]
    return name
