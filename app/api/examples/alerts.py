"""Examples: alerts."""

from collections.abc import Mapping

from app.api.examples.shared import Examples

_ALERT: Mapping[str, object] = {
    "alert_id": "01a20059-624a-7f9f-b35a-e4b5841b95c1",
    "at": "2026-11-21T08:30:00Z",
    "rule": "probing_people_with_one_number",
    "severity": "warning",
    "count": 6,
    "window_seconds": 3600,
    "client_id": "hospital",
    "customer_id": None,
    "acknowledged_at": None,
    "acknowledged_by": None,
}
_SEEN = {**_ALERT, "acknowledged_at": "2026-11-21T09:05:00Z", "acknowledged_by": "auditor"}

EXAMPLES: Examples = {
    "list_alerts": {"200": {"page": {"items": [_ALERT], "next": None}}},
    "acknowledge_alert": {"200": {"acknowledged": _SEEN}},
}
