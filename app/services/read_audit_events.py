"""The access log, for administrators. Reading it is an event too."""

from dataclasses import dataclass, replace
from uuid import UUID

from app.core.audit.event import Event, EventFilter, Kind
from app.services.context import Caller
from app.services.ports import Units
from app.services.scribe import Scribe


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events newest first; `next` is the last one's ID where there may be more."""

    items: tuple[Event, ...]
    next: UUID | None


@dataclass(frozen=True, slots=True)
class ReadAuditEvents:
    """A page of the log. Who read it, and by which filter, is in the log from then on."""

    units: Units
    scribe: Scribe

    async def __call__(
        self, which: EventFilter, before: UUID | None, limit: int, caller: Caller
    ) -> EventPage:
        """Raises `StorageUnavailable`."""
        async with self.units() as unit:
            found = await unit.events.list(which, before, limit + 1)
            unit.events.append(self._event(which, caller))
            await unit.commit()
        page = tuple(found[:limit])
        return EventPage(page, page[-1].event_id if len(found) > limit else None)

    def _event(self, which: EventFilter, caller: Caller) -> Event:
        detail = {
            "filter_client": which.client_id,
            "filter_kind": which.kind,
            "filter_outcome": which.outcome,
        }
        return replace(
            self.scribe(caller, Kind.AUDIT_READ, "ok"), customer_id=which.customer_id, detail=detail
        )
