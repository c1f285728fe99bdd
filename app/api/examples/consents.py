"""Examples of consents."""

from app.api.examples.shared import CUSTOMER, Examples

_CONSENT = {
    "consent_id": "01a20061-5c1e-7c83-9a35-4be1d2f7a601",
    "customer_id": CUSTOMER,
    "decision": "permit",
    "given_by": "customer",
    "domains": ["medical"],
    "purposes": ["CAREMGT", "TREAT"],
    "partners": ["home-west"],
    "kinds": [],
    "sensitive": ["psychiatric"],
    "valid_from": "2026-11-21T08:30:00Z",
    "valid_until": "2027-11-21T08:30:00Z",
    "recorded_at": "2026-11-21T08:30:00Z",
    "recorded_by": "steward",
    "copied_from": None,
    "proof": {"text": "signed at the reception of Pine Crane home, form 12", "sha256": "9f" * 32},
    "withdrawn": None,
}
_WITHDRAWN = {
    **_CONSENT,
    "withdrawn": {"at": "2026-12-01T02:10:00Z", "by": "steward", "reason": "moved to another home"},
}
_PERMIT = {
    "decision": "permit",
    "given_by": "customer",
    "proof": {"text": "signed at the reception of Pine Crane home, form 12", "sha256": "9f" * 32},
    "domains": ["medical"],
    "purposes": ["TREAT", "CAREMGT"],
    "partners": ["home-west"],
    "sensitive": ["psychiatric"],
    "valid_until": "2027-11-21T16:30:00+08:00",
}

EXAMPLES: Examples = {
    "record_consent": {
        "request": {
            "sensitive_records_for_one_home": _PERMIT,
            "nothing_to_other_domains": {
                "decision": "deny",
                "given_by": "customer",
                "proof": {"text": "letter of 21 November"},
            },
            "a_child": {
                "decision": "permit",
                "given_by": "guardian",
                "proof": {"sha256": "9f" * 32},
                "domains": ["medical"],
                "purposes": ["CAREMGT"],
            },
        },
        "201": {"recorded": _CONSENT},
    },
    "list_consents": {
        "200": {"page": {"items": [_WITHDRAWN], "next": None}, "none": {"items": [], "next": None}}
    },
    "withdraw_consent": {
        "request": {"moved": {"reason": "moved to another home"}, "no_reason": {}},
        "200": {"withdrawn": _WITHDRAWN},
    },
}
