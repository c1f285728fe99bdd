"""Puts an alert where people look, and its event into the log."""

from dataclasses import dataclass

from app.core.audit.alert import Alert, Severity, Sighting
from app.core.audit.event import Event, Kind
from app.services.ports import Clock, Ids, UnitOfWork


@dataclass(frozen=True, slots=True)
class RaiseAlert:
    """Writes both within the unit of work that found the reason."""

    clock: Clock
    ids: Ids

    def __call__(
        self, unit: UnitOfWork, rule: str, severity: Severity, seen: Sighting, window_seconds: int
    ) -> Alert:
        alert = Alert(
            alert_id=self.ids.uuid(),
            at=self.clock.now(),
            rule=rule,
            severity=severity,
            count=seen.count,
            window_seconds=window_seconds,
            client_id=seen.client_id,
            customer_id=seen.customer_id,
        )
        unit.alerts.add(alert)
        unit.events.append(self._event(alert))
        return alert

    def _event(self, alert: Alert) -> Event:
        return Event(
            event_id=self.ids.uuid(),
            at=alert.at,
            kind=Kind.ALERT,
            outcome="raised",
            client_id=alert.client_id,
            customer_id=alert.customer_id,
            reasons=(alert.rule,),
            detail={
                "alert": str(alert.alert_id),
                "severity": alert.severity.value,
                "counted": alert.count,
                "seconds": alert.window_seconds,
            },
        )
