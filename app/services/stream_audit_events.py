"""The access log as a stream: everything a filter finds, page by page."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from app.core.audit.event import Event, EventFilter
from app.services.context import Caller
from app.services.ports import Units
from app.services.read_audit_events import reading_event
from app.services.scribe import Scribe

PAGE = 1000
"""Events that are read, and held in memory, at a time."""


@dataclass(frozen=True, slots=True)
class StreamAuditEvents:
    """Streams events, newest first. That they were asked for is in the log before the first one leaves."""

    units: Units
    scribe: Scribe

    async def __call__(self, which: EventFilter, caller: Caller) -> AsyncIterator[Event]:
        """Reads the first page at once, so that what cannot be read is refused, not broken off.

        What is written after the call is not in the stream. Raises `StorageUnavailable`, also on the way.
        """
        async with self.units() as unit:
            page = await unit.events.list(which, None, PAGE)
            unit.events.append(reading_event(self.scribe, which, caller, "export"))
            await unit.commit()
        return self._following(which, page)

    async def _following(self, which: EventFilter, page: list[Event]) -> AsyncIterator[Event]:
        """No connection is held while the reader takes its time."""
        while page:
            for event in page:
                yield event
            page = await self._page(which, page[-1].event_id) if len(page) == PAGE else []

    async def _page(self, which: EventFilter, before: UUID) -> list[Event]:
        async with self.units() as unit:
            return await unit.events.list(which, before, PAGE)
