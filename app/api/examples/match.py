"""Examples: who is this?"""

from app.api.examples.shared import CUSTOMER, MATCH, MODEL, PERSON, TOKEN, Examples

_ANSWER = {"match_id": MATCH, "flags": [], "model": MODEL}
_MATCH = {**_ANSWER, "outcome": "match", "grade": "certain", "customer_id": CUSTOMER}
_GRANT = {"type": "customer_records", "customer_id": CUSTOMER, "domains": ["elder_care"], "purpose": "TREAT"}
_PERMIT = {
    "decision": "permit",
    "reasons": ["care_between_domains"],
    "access_token": TOKEN,
    "token_type": "Bearer",
    "expires_in": 300,
    "authorization_details": [_GRANT],
}
_CANDIDATE = {
    "customer_id": CUSTOMER,
    "grade": "certain",
    "score": 0.999999999,
    "weight": 33.974,
    "comparisons": [
        {
            "element": "name",
            "level": "homophone",
            "weight": 9.207,
            "given": "王立华",
            "stored": "王*华",
            "why": "one character differs and sounds the same but for the tone",
        },
        {
            "element": "document",
            "level": "same",
            "weight": 28.729,
            "given": PERSON["id_number"],
            "stored": "1101**********0026",
            "why": "same number",
        },
    ],
}
_UNKNOWN_GENDER = {
    "field": "gender",
    "code": "unknown_gender",
    "expected": "must be male, female, other or unknown; 1, 2, 0 or 9 of GB/T 2261.1; 男 or 女; or null",
}

EXAMPLES: Examples = {
    "match_customer": {
        "request": {
            "who_is_this": PERSON,
            "with_access": {**PERSON, "access": {"domains": ["elder_care"], "purpose": "TREAT"}},
            "emergency": {
                **PERSON,
                "access": {
                    "domains": ["medical"],
                    "purpose": "ETREAT",
                    "reason": "Found unconscious, allergies needed at once",
                },
            },
            "without_a_document": {**PERSON, "id_type": None, "id_number": None},
        },
        "200": {
            "match": {**_MATCH, "method": "exact"},
            "match_with_access": {**_MATCH, "method": "exact", "access": _PERMIT},
            "match_explained": {**_MATCH, "method": "fuzzy", "candidates": [_CANDIDATE]},
            "review": {
                **_ANSWER,
                "outcome": "review",
                "grade": "probable",
                "method": "fuzzy",
                "customer_id": None,
            },
            "access_denied": {
                **_ANSWER,
                "outcome": "no_match",
                "grade": "certainly-not",
                "method": None,
                "customer_id": None,
                "access": {"decision": "deny", "reasons": ["not_available"]},
            },
        },
    },
    "match_batch": {
        "request": {"two": {"questions": [PERSON, {**PERSON, "gender": "unheard of"}]}},
        "200": {
            "one_cannot_be_read": {
                "answers": [
                    {"answer": {**_MATCH, "method": "exact"}},
                    {"error": {"code": "invalid_input", "errors": [_UNKNOWN_GENDER]}},
                ]
            }
        },
    },
}
