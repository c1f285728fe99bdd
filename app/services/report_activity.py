"""What a client did: counted, for whoever looks after partners' use of the service."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.core.audit.client_activity import ClientActivity
from app.core.audit.event import EventFilter
from app.services.context import Caller
from app.services.errors import InvalidRequest, NotFound
from app.services.ports import Clock, Units
from app.services.read_audit_events import reading_event
from app.services.scribe import Scribe

USUAL = timedelta(days=30)
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class ActivityReport:
    """Of the time from `since`, inclusive, to `until`, exclusive; days are those of `timezone`."""

    client_id: str
    since: datetime
    until: datetime
    made_at: datetime
    timezone: ZoneInfo
    activity: ClientActivity


@dataclass(frozen=True, slots=True)
class ReportActivity:
    """That somebody asked is an event, as every reading of the log is."""

    units: Units
    scribe: Scribe
    clock: Clock
    timezone: ZoneInfo

    async def __call__(
        self, client_id: str, since: datetime | None, until: datetime | None, caller: Caller
    ) -> ActivityReport:
        """The last 30 days, unless a time is given. Raises `NotFound` where there is no such client,
        `InvalidRequest`, `StorageUnavailable`."""
        now = self.clock.now()
        end = until or now
        start = since or end - USUAL
        if start >= end:
            raise InvalidRequest("from", "a time before the end")
        if end - start > LONGEST:
            raise InvalidRequest("from", f"a time at most {LONGEST.days} days before the end")
        which = EventFilter(client_id=client_id, since=start, until=end)
        async with self.units() as unit:
            if await unit.clients.get(client_id) is None:
                raise NotFound("There is no client with that ID.")
            activity = await unit.activity.of_client(client_id, start, end, self.timezone)
            event = reading_event(self.scribe, which, caller, "client_activity")
            bounds = {"from": start.isoformat(), "to": end.isoformat()}
            unit.events.append(replace(event, detail={**event.detail, **bounds}))
            await unit.commit()
        return ActivityReport(client_id, start, end, now, self.timezone, activity)
