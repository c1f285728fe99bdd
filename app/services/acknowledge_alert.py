"""Somebody has looked at an alert."""

from dataclasses import dataclass, replace
from uuid import UUID

from app.core.audit.alert import Alert
from app.core.audit.event import Kind
from app.services.context import Caller
from app.services.errors import NotFound
from app.services.ports import Units
from app.services.scribe import Scribe


@dataclass(frozen=True, slots=True)
class AcknowledgeAlert:
    """Notes who did, once: a second time changes nothing."""

    units: Units
    scribe: Scribe

    async def __call__(self, alert_id: UUID, caller: Caller) -> Alert:
        """The alert as it is then. Raises `NotFound`, `Conflict`, `StorageUnavailable`."""
        event = self.scribe(caller, Kind.ALERT, "acknowledged")
        async with self.units() as unit:
            alert = await unit.alerts.get(alert_id)
            if alert is None:
                raise NotFound
            if alert.acknowledged_at is not None:
                return alert
            who = caller.claims.actor or caller.client.client_id
            alert = replace(alert, acknowledged_at=event.at, acknowledged_by=who)
            unit.alerts.acknowledge(alert_id, event.at, who)
            detail = {"alert": str(alert_id)}
            unit.events.append(replace(event, reasons=(alert.rule,), detail=detail))
            await unit.commit()
        return alert
