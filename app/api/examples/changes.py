"""Examples: the change feed."""

from app.api.examples.shared import CUSTOMER, OTHER_CUSTOMER, Examples

_LINKED = {
    "position": 41,
    "change_id": "01a20064-0d3f-7c21-8e95-b7a2604f1dc8",
    "at": "2026-11-21T08:30:00Z",
    "kind": "linked",
    "customer_id": CUSTOMER,
    "other_id": None,
    "homes": [],
    "source_system": "elder_care",
    "local_id": "E000123",
}
_MERGED = {
    **_LINKED,
    "position": 42,
    "change_id": "01a20064-5a86-7f43-b01c-39d8e72b60fa",
    "at": "2026-11-21T08:45:00Z",
    "kind": "merged",
    "other_id": OTHER_CUSTOMER,
    "source_system": None,
    "local_id": None,
}
_UNDONE = {
    **_MERGED,
    "position": 43,
    "change_id": "01a20064-c1d9-7b02-97e6-50af83c41b2d",
    "at": "2026-11-22T02:10:00Z",
    "kind": "split",
    "homes": [OTHER_CUSTOMER],
}

EXAMPLES: Examples = {
    "read_changes": {
        "200": {
            "changes": {"items": [_LINKED, _MERGED, _UNDONE], "next": 43},
            "nothing_yet": {"items": [], "next": 43},
        }
    }
}
