"""Unauthenticated failures: one line per source and minute, and one more that counts the rest."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.health_data_center.access_log import AccessEvent, Kind, Result, append
from app.health_data_center.database import Database, StorageUnavailable
from app.health_data_center.origin import Origin

logger = logging.getLogger(__name__)

_WINDOW = timedelta(minutes=1)
_MOST_SOURCES = 1000


@dataclass(slots=True)
class _Window:
    began: datetime
    repeats: int = 0
    reasons: set[str] = field(default_factory=set)


class FailureTally:
    """Counts in memory, bounded: beyond a thousand sources a minute they are counted together.

    A failure is answered whether or not it could be written: no data are given with it.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._windows: dict[str | None, _Window] = {}

    async def note(self, reason: str, origin: Origin) -> None:
        """One failed authentication; `reason` is a stable code."""
        source = origin.address if len(self._windows) < _MOST_SOURCES else None
        source = origin.address if origin.address in self._windows else source
        window = self._windows.get(source)
        if window is not None:
            window.repeats += 1
            window.reasons.add(reason)
            return
        self._windows[source] = _Window(self._now())
        await self._write([self._event((reason,), source, origin.request_id, 1)])

    async def flush(self, *, everything: bool = False) -> None:
        """Writes the counts of the minutes that are over, or of all at shutdown."""
        now = self._now()
        over = [s for s, w in self._windows.items() if everything or now - w.began >= _WINDOW]
        ended = {source: self._windows.pop(source) for source in over}
        events = [
            self._event(tuple(sorted(window.reasons)), source, None, window.repeats)
            for source, window in ended.items()
            if window.repeats
        ]
        if events:
            await self._write(events)

    def _event(
        self, reasons: tuple[str, ...], source: str | None, request_id: str | None, count: int
    ) -> AccessEvent:
        return AccessEvent(
            at=self._now(),
            kind=Kind.AUTHENTICATION,
            outcome=Result.DENY,
            reasons=reasons,
            source=source,
            request_id=request_id,
            count=count,
        )

    async def _write(self, events: list[AccessEvent]) -> None:
        try:
            async with self._database.transaction() as connection:
                await append(connection, events)
        except StorageUnavailable as error:
            logger.warning("%d failed authentications could not be logged: %s", len(events), error)
