"""Erasures."""

from app.api.examples.shared import CUSTOMER, OTHER_CUSTOMER, Examples

_REQUEST = {
    "erasure_id": "01a20059-624a-7cf3-8ed3-e39f3841bcc3",
    "customer_id": CUSTOMER,
    "customer_ids": [CUSTOMER, OTHER_CUSTOMER],
    "basis": "consent_withdrawn",
    "reference": "DSR-2026-0117",
    "requested_by": "privacy-desk",
    "requested_at": "2026-11-21T08:30:00Z",
    "expires_at": "2026-11-28T08:30:00Z",
    "confirmed_by": None,
    "confirmed_at": None,
    "counts": {
        "customer_ids": 2,
        "customer_keys": 2,
        "source_records": 3,
        "source_record_versions": 1,
        "blocking_keys": 31,
        "identity_decisions": 6,
        "reviews": 1,
        "consents": 2,
    },
}
_DONE = {
    **_REQUEST,
    "confirmed_by": "privacy-officer",
    "confirmed_at": "2026-11-21T09:05:12Z",
    "counts": {},
}

EXAMPLES: Examples = {
    "request_erasure": {
        "request": {"consent_withdrawn": {"basis": "consent_withdrawn", "reference": "DSR-2026-0117"}},
        "201": {"requested": _REQUEST},
    },
    "read_erasure": {"200": {"waiting": _REQUEST, "done": _DONE}},
    "confirm_erasure": {"200": {"done": _DONE}},
    "report_access": {"200": {"page": '<!DOCTYPE html>\n<html lang="zh">…</html>\n'}},
}
