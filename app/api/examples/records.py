"""Examples: the gateway to records."""

from app.api.examples.shared import CUSTOMER, Examples

_RECORD = {
    "record_id": "01a2005a-1f0c-7d3e-9a41-5f1d2c3b4a59",
    "customer_id": CUSTOMER,
    "domain": "elder_care",
    "kind": "admission",
    "source_system": "elder_care",
    "source_id": "A-2026-0042",
    "occurred_at": "2026-03-01T01:00:00Z",
    "facility": "松鹤养老院",
}

EXAMPLES: Examples = {
    "look_up_records": {
        "200": {"page": {"items": [_RECORD], "next": None}, "no_records": {"items": [], "next": None}}
    },
}
