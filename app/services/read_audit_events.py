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
            unit.events.append(reading_event(self.scribe, which, caller))
            await unit.commit()
        page = tuple(found[:limit])
        return EventPage(page, page[-1].event_id if len(found) > limit else None)


def reading_event(scribe: Scribe, which: EventFilter, caller: Caller, what: str | None = None) -> Event:
    """The event of reading the log: who read it, by which filter."""
    asked = {
        "what": what,
        "filter_client": which.client_id,
        "filter_kind": which.kind,
        "filter_outcome": which.outcome,
        "filter_purpose": which.purpose,
        "filter_domain": which.domain,
        "filter_reason": which.reason,
    }
    detail = {name: value for name, value in asked.items() if value is not None}
    return replace(scribe(caller, Kind.AUDIT_READ, "ok"), customer_id=which.customer_id, detail=detail)
