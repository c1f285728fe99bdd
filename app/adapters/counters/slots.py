"""A table of counters in a file that all workers map into memory.

One look-up is a digest, a lock of a few bytes of the file and a copy of 40 bytes: microseconds, and no
other process is asked. The kernel lets go of the lock of a process that dies. Nothing in the table is worth
keeping for longer than its windows; a full neighbourhood forgets what ends first.
"""

import fcntl
import mmap
import os
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from struct import Struct
from typing import NamedTuple, Self, TypeVar

T = TypeVar("T")

SLOTS = 65_536
WAYS = 8
"""How many neighbouring slots a key may stand in."""

_DIGEST = 16
_SLOT = Struct(f"<{_DIGEST}sqIId")
_GROUP = WAYS * _SLOT.size
_MOST = 2**32 - 1


class Slot(NamedTuple):
    """What is counted for one key. `current` is of the window of that number; `expires` is Unix time."""

    window: int = 0
    current: int = 0
    previous: int = 0
    expires: float = 0.0


EMPTY = Slot()


class SharedSlots:
    """The table. Not for threads: a lock on a file is the process's."""

    __slots__ = ("_descriptor", "_memory")

    def __init__(self, memory: mmap.mmap, descriptor: int | None) -> None:
        self._memory = memory
        self._descriptor = descriptor

    @classmethod
    def open(cls, path: Path) -> Self:
        """The table of this file, which is made (mode 0600) where there is none. Raises `OSError`."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            # All of it at once: a page that finds no room on the disk would kill the process that writes it.
            os.posix_fallocate(descriptor, 0, SLOTS * _SLOT.size)
            return cls(mmap.mmap(descriptor, SLOTS * _SLOT.size), descriptor)
        except BaseException:
            os.close(descriptor)
            raise

    @classmethod
    def private(cls) -> Self:
        """A table of this process alone."""
        return cls(mmap.mmap(-1, SLOTS * _SLOT.size), None)

    def close(self) -> None:
        """Lets go of the file."""
        self._memory.close()
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def change(self, key: str, now: float, rule: Callable[[Slot], tuple[Slot, T]]) -> T:
        """Hands the key's slot (`EMPTY` for a new or an expired one) to `rule`, keeps what it gives back, and
        returns its result; no other process sees or changes the slot meanwhile."""
        digest = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=_DIGEST).digest()
        start = int.from_bytes(digest[:8], "little") % (SLOTS - WAYS) * _SLOT.size
        if self._descriptor is not None:
            fcntl.lockf(self._descriptor, fcntl.LOCK_EX, _GROUP, start)
        try:
            place = self._place(digest, start)
            known, *values = _SLOT.unpack_from(self._memory, place)
            slot = Slot(*values) if known == digest and values[-1] > now else EMPTY
            new, result = rule(slot)
            if new is not slot:
                count, before = min(new.current, _MOST), min(new.previous, _MOST)
                _SLOT.pack_into(self._memory, place, digest, new.window, count, before, new.expires)
            return result
        finally:
            if self._descriptor is not None:
                fcntl.lockf(self._descriptor, fcntl.LOCK_UN, _GROUP, start)

    def clear(self) -> None:
        """Forgets everything."""
        self._memory[:] = bytes(len(self._memory))

    def _place(self, digest: bytes, start: int) -> int:
        """Where the key stands, or else the slot of its neighbourhood that ends first."""
        found = self._memory.find(digest, start, start + _GROUP)
        if found >= 0 and (found - start) % _SLOT.size == 0:
            return found
        places = range(start, start + _GROUP, _SLOT.size)
        return min(places, key=lambda place: _SLOT.unpack_from(self._memory, place)[-1])
