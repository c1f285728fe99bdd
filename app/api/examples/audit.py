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
    "policy": "default-498473660683",
    "count": 1,
    "detail": {},
    "statement": None,
}

_HASH = "jBS1dJ8XhCV7G7h5n2Vl0M0R8yS3f9z6Qm4o1kq3c2E="
_INCLUSION = {
    "leaf_index": 41,
    "tree_size": 52,
    "hashes": [_HASH, _HASH],
    "leaf": '{"at":"2026-11-21T08:30:00.000000Z","count":1,"kind":"access","outcome":"permit","v":1}',
}
_CHECKPOINT = (
    f"customer-data-center/5f0e7a91\n52\n{_HASH}\n\n— customer-data-center/5f0e7a91 Az3grlgtzPICa5O…\n"
)

_ACTIVITY = {
    "client_id": "hospital",
    "from": "2026-10-22T08:30:00Z",
    "to": "2026-11-21T08:30:00Z",
    "timezone": "Asia/Shanghai",
    "events": 5,
    "denials": 1,
    "emergency_accesses": 0,
    "customers": 2,
    "first_at": "2026-11-20T01:02:03Z",
    "last_at": "2026-11-20T07:45:10Z",
    "days": [{"day": "2026-11-20", "events": 5, "denials": 1}],
    "outcomes": [
        {"kind": "match", "outcome": "match", "events": 2},
        {"kind": "token", "outcome": "issued", "events": 1},
        {"kind": "access", "outcome": "permit", "events": 1},
        {"kind": "access", "outcome": "deny", "events": 1},
    ],
    "purposes": {"TREAT": 2},
    "domains": {"elder_care": 2},
    "denial_reasons": {"consent_withdrawn": 1},
    "events_url": (
        "/v1/audit/events?client_id=hospital"
        "&from=2026-10-22T08%3A30%3A00%2B00%3A00&to=2026-11-21T08%3A30%3A00%2B00%3A00"
    ),
}

EXAMPLES: Examples = {
    "list_audit_events": {"200": {"page": {"items": [_EVENT], "next": None}}},
    "export_audit_events": {"200": {"lines": "one event a line\n"}},
    "read_client_activity": {"200": {"activity": _ACTIVITY}},
    "report_client_activity": {"200": {"page": '<!DOCTYPE html>\n<html lang="zh">…</html>\n'}},
    "read_checkpoint": {"200": {"checkpoint": _CHECKPOINT}},
    "prove_inclusion": {"200": {"proof": _INCLUSION}},
    "prove_consistency": {"200": {"proof": {"from": 41, "to": 52, "hashes": [_HASH, _HASH]}}},
}
