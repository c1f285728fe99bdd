"""Examples: the access log."""

from collections.abc import Mapping

from app.api.examples.shared import CUSTOMER, MATCH, MODEL, Examples

_EVENT: Mapping[str, object] = {
    "event_id": "01a20059-624a-7f9f-b35a-e4b5841b95c1",
    "at": "2026-11-21T08:30:00Z",
    "kind": "access",
    "outcome": "permit",
    "client_id": "hospital",
    "actor": None,
    "customer_id": CUSTOMER,
    "domains": ["elder_care"],
    "purpose": "TREAT",
    "reasons": ["care_between_domains"],
    "grade": "certain",
    "elements_digest": "501c1d42ced60361b3dfcd90eba02587692378d424b98ad27153c003c98e777e",
    "token_id": "01a20059-624b-7032-ba83-2a85138811b0",
    "match_id": MATCH,
    "source": "192.0.2.7",
    "request_id": "f9855b70-763d-4465-b60b-9a67962f6f4e",
    "trace_id": None,
    "model": MODEL,
    "policy": "default-1",
    "count": 1,
    "detail": {},
    "statement": None,
}

EXAMPLES: Examples = {
    "list_audit_events": {"200": {"page": {"items": [_EVENT], "next": None}}},
}
