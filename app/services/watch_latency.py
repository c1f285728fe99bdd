"""How long matches took, remembered for a while: the metrics know only the sum of all times."""

import asyncio
from collections import deque
from collections.abc import Callable

from app.core.audit.latency import Histogram, Reading
from app.services.ports import Clock

EVERY = 60.0
"""Seconds between readings."""
KEPT = 30 * 24 * 60 // 5
"""Readings that are kept: the newest hours minute by minute, what is older every fifth."""
_FINE = 24 * 60


class WatchLatency:
    """Reads the matches' histogram once a minute, from the start of this process on."""

    def __init__(self, read: Callable[[], Histogram], clock: Clock) -> None:
        self._read = read
        self._clock = clock
        self._fine: deque[Reading] = deque(maxlen=_FINE)
        self._coarse: deque[Reading] = deque(maxlen=KEPT)
        self._readings = 0

    def readings(self) -> tuple[Reading, ...]:
        """Every reading in order, and how things stand now."""
        first = self._fine[0].at if self._fine else None
        older = (r for r in self._coarse if first is None or r.at < first)
        return (*older, *self._fine, Reading(self._clock.now(), self._read()))

    def note(self) -> None:
        """Takes one reading."""
        reading = Reading(self._clock.now(), self._read())
        self._fine.append(reading)
        if self._readings % 5 == 0:
            self._coarse.append(reading)
        self._readings += 1

    async def forever(self) -> None:
        """A reading a minute, until it is cancelled."""
        while True:
            self.note()
            await asyncio.sleep(EVERY)
