"""Alerts, for those who watch. Reading them is an event, like reading the log."""

from dataclasses import dataclass, replace
from uuid import UUID

from app.core.audit.alert import Alert, AlertFilter
from app.core.audit.event import Kind
from app.services.context import Caller
from app.services.ports import Units
from app.services.scribe import Scribe


@dataclass(frozen=True, slots=True)
class AlertPage:
    """Alerts newest first; `next` is the last one's ID where there may be more."""

    items: tuple[Alert, ...]
    next: UUID | None


@dataclass(frozen=True, slots=True)
class ReadAlerts:
    """A page of alerts."""

    units: Units
    scribe: Scribe

    async def __call__(
        self, which: AlertFilter, before: UUID | None, limit: int, caller: Caller
    ) -> AlertPage:
        """Raises `StorageUnavailable`."""
        asked = {"what": "alerts", "filter_client": which.client_id, "filter_rule": which.rule}
        detail = {name: value for name, value in asked.items() if value is not None}
        async with self.units() as unit:
            found = await unit.alerts.list(which, before, limit + 1)
            unit.events.append(replace(self.scribe(caller, Kind.AUDIT_READ, "ok"), detail=detail))
            await unit.commit()
        page = tuple(found[:limit])
        return AlertPage(page, page[-1].alert_id if len(found) > limit else None)
