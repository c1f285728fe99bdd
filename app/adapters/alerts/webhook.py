"""A web server that wants to know of alerts."""

from dataclasses import dataclass, field

import httpx

from app.core.audit.alert import Alert
from app.services.watch_ports import AlertNotSent

_TIMEOUT = 10.0


@dataclass(frozen=True, slots=True)
class Webhook:
    """Implements the port `AlertReceiver`: POST of JSON to a URL that may hold a secret.

    What is sent names no customer: whoever may know reads the alert itself. The same alert may come twice.
    """

    http: httpx.AsyncClient
    url: str = field(repr=False)

    async def send(self, alert: Alert) -> None:
        """Raises `AlertNotSent`."""
        body = {
            "alert_id": str(alert.alert_id),
            "at": alert.at.isoformat().replace("+00:00", "Z"),
            "rule": alert.rule,
            "severity": alert.severity.value,
            "client_id": alert.client_id,
            "count": alert.count,
            "window_seconds": alert.window_seconds,
        }
        try:
            answer = await self.http.post(self.url, json=body, timeout=_TIMEOUT)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise AlertNotSent(f"the server gave no answer: {type(error).__name__}") from None
        if not answer.is_success:
            raise AlertNotSent(f"the server answered {answer.status_code}")
