"""Sees when the key file was changed, and tells whoever holds keys."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from app.adapters.crypto.key_file import read_keys
from app.adapters.crypto.keys import InvalidKeys, KeyRing

LOOK_EVERY = 1.0
"""Seconds. Each process looks by itself, so a change is known everywhere after so long."""

_logger = logging.getLogger(__name__)


class KeyWatch:
    """Reads the file anew when it was replaced. Keys that come from elsewhere (`path` None) do not change.

    A file that cannot be used changes nothing: the process goes on with the keys it has, and says so once.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._seen = self._state()
        self._holders: list[Callable[[KeyRing], None]] = []

    def tell(self, holder: Callable[[KeyRing], None]) -> None:
        """Has a holder of keys called with each new key ring, in the event loop's thread."""
        self._holders.append(holder)

    async def run(self) -> None:
        """Looks until it is cancelled."""
        while self._path is not None:
            await asyncio.sleep(LOOK_EVERY)
            self.look()

    def look(self) -> None:
        """Takes up new keys, if there are any."""
        state = self._state()
        if self._path is None or state is None or state == self._seen:
            return
        self._seen = state
        try:
            ring = read_keys(self._path)
            for holder in self._holders:
                holder(ring)
        except (InvalidKeys, ValueError) as wrong:
            _logger.error("the changed key file cannot be used, the keys before it stay: %s", wrong)

    def _state(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat() if self._path is not None else None
        except OSError:
            return None
        return (found.st_ino, found.st_mtime_ns, found.st_size) if found is not None else None
