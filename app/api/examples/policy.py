"""Examples of policy."""

from app.api.examples.shared import CUSTOMER, Examples

_VERSION = "default-498473660683"
_TITLE = "Care between medical and elder care is open unless withdrawn; what is sensitive waits for consent."
_RULE = {
    "code": "care_between_domains",
    "says": "For treatment, hospitals see elder-care records and elder-care homes see medical records.",
    "law": "PIPL, articles 13, 15, 28, 29 and 49; Civil Code, article 1226",
}
_EXPLANATION = {
    "event_id": "01a20059-624a-7cf3-8ed3-e39f3841bcc4",
    "at": "2026-11-21T08:30:00Z",
    "outcome": "deny",
    "client_id": "hospital-east",
    "customer_id": CUSTOMER,
    "purpose": "TREAT",
    "policy": _VERSION,
    "policy_title": _TITLE,
    "reasons": [{"code": "consent_denied", "says": "A denial in force forbade it.", "law": None}],
    "rules": [{"domain": "elder_care", "rule": _RULE}],
}

EXAMPLES: Examples = {
    "read_policy": {
        "200": {
            "default": {
                "name": "default",
                "title": _TITLE,
                "version": _VERSION,
                "rules": [
                    {
                        **_RULE,
                        "clients": ["elder_care", "medical"],
                        "records": ["elder_care", "medical"],
                        "purposes": ["TREAT"],
                        "adult": "unless_withdrawn",
                        "minor": "unless_withdrawn",
                        "deceased": "with_consent",
                        "sensitive": "with_consent",
                        "kinds": [],
                        "emergency": False,
                    }
                ],
            }
        }
    },
    "explain_decision": {"200": {"denied": _EXPLANATION}},
}
