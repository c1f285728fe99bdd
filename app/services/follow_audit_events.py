"""The newest lines of the access log, for a page that stays open."""

from dataclasses import dataclass, replace
from uuid import UUID

from app.core.audit.event import Event, EventFilter, Kind
from app.services.context import Caller
from app.services.ports import Units
from app.services.read_audit_events import reading_event
from app.services.scribe import Scribe


@dataclass(frozen=True, slots=True)
class FollowAuditEvents:
    """Asking whether there is news shows nothing and is no event; being shown news is one.

    The follower's own reading is no news to them: two open pages would else wake each other for ever.
    """

    units: Units
    scribe: Scribe

    async def __call__(
        self, which: EventFilter, seen: UUID | None, limit: int, caller: Caller
    ) -> tuple[Event, ...]:
        """The newest events, newest first, where some came after `seen`; else none.

        Raises `StorageUnavailable`.
        """
        async with self.units() as unit:
            found = await unit.events.list(which, None, limit)
            if not any(seen is None or e.event_id > seen for e in found if not _own_reading(e, caller)):
                return ()
            unit.events.append(reading_event(self.scribe, which, caller, "follow"))
            await unit.commit()
        return tuple(replace(event, statement=None) for event in found)


def _own_reading(event: Event, caller: Caller) -> bool:
    return event.kind is Kind.AUDIT_READ and event.actor == caller.claims.actor
