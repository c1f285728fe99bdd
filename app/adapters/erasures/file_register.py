"""The erasure register as files: a line of JSON for each customer who was erased, with ID and time."""

import asyncio
import fcntl
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.core.index.customer_id import is_well_formed
from app.core.index.erasure import Entry
from app.services.ports import StorageUnavailable

_LONGEST = 1024


@dataclass(frozen=True, slots=True)
class FileRegister:
    """Implements the port `ErasureRegister`. Each path gets each line; what stands in any of them counts."""

    paths: tuple[Path, ...]

    async def add(self, entries: Sequence[Entry]) -> None:
        """On the disk when it returns. Raises `StorageUnavailable`."""
        await asyncio.to_thread(self._add, entries)

    async def entries(self) -> list[Entry]:
        """All of them, once each. Raises `StorageUnavailable` where a file cannot be read or has a line that
        is none of ours: to go on would be to bring somebody back."""
        return await asyncio.to_thread(self._entries)

    def _add(self, entries: Sequence[Entry]) -> None:
        lines = b"".join(_line(entry) for entry in entries)
        for path in self.paths:
            try:
                _append(path, lines)
            except OSError as error:
                raise StorageUnavailable(f"cannot write the erasure register: {error.strerror}") from None

    def _entries(self) -> list[Entry]:
        found: dict[str, Entry] = {}
        for path in self.paths:
            try:
                text = path.read_bytes() if path.exists() else b""
            except OSError as error:
                raise StorageUnavailable(f"cannot read the erasure register: {error.strerror}") from None
            # What a crash cut off has no end of line: that erasure was not committed either.
            for number, line in enumerate(text.split(b"\n")[:-1], 1):
                entry = _read(line, number)
                found.setdefault(entry.customer_id, entry)
        return list(found.values())


def _append(path: Path, lines: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        _cut_torn_line(descriptor)
        os.write(descriptor, lines)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _cut_torn_line(descriptor: int) -> None:
    """What a crash left without its end of line."""
    size = os.fstat(descriptor).st_size
    tail = os.pread(descriptor, _LONGEST, max(0, size - _LONGEST))
    torn = len(tail) - tail.rfind(b"\n") - 1
    if torn:
        os.ftruncate(descriptor, size - torn)


def _line(entry: Entry) -> bytes:
    return json.dumps({"customer_id": entry.customer_id, "at": entry.at.isoformat()}).encode() + b"\n"


def _read(line: bytes, number: int) -> Entry:
    try:
        content = json.loads(line)
        entry = Entry(content["customer_id"], datetime.fromisoformat(content["at"]))
    except (ValueError, KeyError, TypeError):
        raise StorageUnavailable(f"line {number} of the erasure register cannot be read") from None
    if not isinstance(entry.customer_id, str) or not is_well_formed(entry.customer_id):
        raise StorageUnavailable(f"line {number} of the erasure register names no customer")
    return entry
