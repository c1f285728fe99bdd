"""Examples: accesses in an emergency."""

from collections.abc import Mapping

from app.api.examples.shared import CUSTOMER, Examples

_ACCESS: Mapping[str, object] = {
    "event_id": "01a20059-624a-7f9f-b35a-e4b5841b95c1",
    "at": "2026-11-21T02:14:00Z",
    "client_id": "hospital",
    "actor": None,
    "customer_id": CUSTOMER,
    "domains": ["elder_care"],
    "reason": "Brought in unconscious; allergies and medication unknown.",
    "verdict": None,
}
_REQUEST = {"verdict": "justified", "note": "The ward's file of that night shows the admission."}
_VERDICT = {
    **_REQUEST,
    "decided_at": "2026-11-21T09:05:00Z",
    "decided_by": "security-officer",
    "event_id": "01a2006f-1f2c-7d41-9a77-0c52b6de81f4",
}

EXAMPLES: Examples = {
    "list_emergency_accesses": {"200": {"page": {"items": [_ACCESS], "next": None}}},
    "judge_emergency_access": {
        "request": {"justified": _REQUEST},
        "200": {"judged": {**_ACCESS, "reason": None, "verdict": _VERDICT}},
    },
}
