"""Alerts on the wire."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from app.core.audit.alert import Alert, Severity


class AlertOut(BaseModel):
    """A rule was met: `count` was counted within `window_seconds` for this client, customer, or both."""

    alert_id: UUID
    at: datetime
    rule: str
    severity: Severity
    count: int
    window_seconds: int
    client_id: str | None
    customer_id: str | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None

    @classmethod
    def of(cls, alert: Alert) -> "AlertOut":
        """From the core's shape."""
        return cls.model_validate(alert, from_attributes=True)


class AlertPageOut(BaseModel):
    """Newest first; `next` is the cursor of the following page, or null."""

    items: list[AlertOut]
    next: str | None
