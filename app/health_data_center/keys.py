"""The center's own data keys: which exist, which one seals, and how the first is made.

The document is JSON: `{"data": [{"id": "…", "alg": "A256GCM", "key": "<32 bytes, base64url>"}, …]}`. The
first entry seals; all of them open.
"""

import base64
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.health_data_center.settings import SettingsError, StorageSettings

_WRONG = 'the data keys must be JSON {"data": [{"id", "alg": "A256GCM", "key"}]} with 32-byte base64url keys'


@dataclass(frozen=True, slots=True)
class DataKeys:
    """256-bit keys by id; `active` is the one that seals."""

    active: str
    by_id: dict[str, bytes] = field(repr=False)


def load_keys(storage: StorageSettings) -> DataKeys:
    """The keys given outright, else those of the file. Raises `SettingsError`, which never holds a key."""
    if storage.keys_document is not None:
        return parse_keys(storage.keys_document, "HDC_KEYS")
    try:
        document = storage.keys_file.read_text("utf-8")
    except FileNotFoundError:
        raise SettingsError(f"{storage.keys_file} does not exist; `hdc init` makes it") from None
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{storage.keys_file} cannot be read") from None
    return parse_keys(document, str(storage.keys_file))


def check_key_file(storage: StorageSettings) -> str | None:
    """What is wrong with the key file's mode, where everybody can read it: to be said, and mended.

    A read-only mount is how containers get their secrets. Raises `SettingsError` where others may change it.
    """
    path = storage.keys_file
    if storage.keys_document is not None or not path.exists() or os.statvfs(path).f_flag & os.ST_RDONLY:
        return None
    mode = path.stat().st_mode
    if mode & 0o022:
        raise SettingsError(f"{path} can be changed by others than its owner; run: chmod 600 {path}")
    return f"{path} can be read by everybody on this machine; run: chmod 600 {path}" if mode & 0o004 else None


def parse_keys(document: str, origin: str) -> DataKeys:
    """Reads the document. Raises `SettingsError` naming `origin`."""
    try:
        entries = json.loads(document)["data"]
        by_id = dict(_entry(entry) for entry in entries)
        if len(by_id) != len(entries) or not by_id:
            raise ValueError
    except (ValueError, TypeError, KeyError, RecursionError):
        raise SettingsError(f"{origin} {_WRONG}") from None
    return DataKeys(next(iter(by_id)), by_id)


def _entry(entry: Any) -> tuple[str, bytes]:
    key_id, key = entry["id"], entry["key"]
    if entry["alg"] != "A256GCM" or not isinstance(key_id, str) or not 1 <= len(key_id) <= 64:
        raise ValueError
    content = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))
    if len(content) != 32:
        raise ValueError
    return key_id, content


def make_keys(path: Path) -> bool:
    """Writes a new document (mode 0600); False if there was one already. Two makers cannot both win."""
    if path.exists():
        return False
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()
    document = {"data": [{"id": f"d{secrets.token_hex(4)}", "alg": "A256GCM", "key": key}]}
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(document, file)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink(missing_ok=True)
    return True
