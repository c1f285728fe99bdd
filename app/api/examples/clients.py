"""Examples: partner systems."""

from app.api.examples.shared import SECRET, Examples

_CLIENT = {
    "client_id": "hospital-east",
    "scopes": ["customer:match", "records:elder_care"],
    "domain": "medical",
    "source_systems": ["medical"],
    "rate": 50,
    "active": True,
    "created_at": "2026-11-21T08:30:00Z",
    "not_before": None,
}
_SUSPENDED = {**_CLIENT, "active": False, "not_before": "2026-11-21T09:00:00Z"}

EXAMPLES: Examples = {
    "create_client": {
        "request": {
            "partner": {
                "client_id": "hospital-east",
                "scopes": ["customer:match", "records:elder_care"],
                "domain": "medical",
            },
            "auditor": {"client_id": "auditor", "scopes": ["audit:read"], "rate": None},
        },
        "201": {"created": {**_CLIENT, "client_secret": SECRET}},
    },
    "list_clients": {"200": {"page": {"items": [_CLIENT], "next": None}}},
    "read_client": {"200": {"client": _CLIENT}},
    "rotate_client_secret": {"200": {"renewed": {"client_id": "hospital-east", "client_secret": SECRET}}},
    "suspend_client": {"200": {"suspended": _SUSPENDED}},
    "activate_client": {"200": {"active": {**_CLIENT, "not_before": "2026-11-21T09:00:00Z"}}},
}
