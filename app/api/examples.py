"""Examples of the OpenAPI document: operation → "request" or a status → name → value.

All people are invented.
"""

from collections.abc import Mapping

from app.api.schemas.oauth import ACCESS_TOKEN_TYPE, AUTH_METHODS, CLIENT_CREDENTIALS, TOKEN_EXCHANGE
from app.core.access.scope import Scope

CDC = "https://cdc.example.org"
HDC = "https://hdc.example.org"
CUSTOMER = "CM6SC7N75YR3HGA9TO"
MATCH = "01a20059-624a-7cf3-8ed3-e39f3841bcc3"
MODEL = "2026.11.1"
TOKEN = "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJob3NwaXRhbCJ9.c2lnbmF0dXJl"  # noqa: S105
SECRET = "the-secret-that-was-shown-once"  # noqa: S105

PERSON = {
    "name": "王丽华",
    "gender": "female",
    "birth_date": "1980-02-29",
    "id_type": "resident_id_card",
    "id_number": "110101198002290026",
}
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
_REFERENCE = {"source_system": "elder_care", "local_id": "E000123", "customer_id": CUSTOMER}
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
_ISSUED = {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 900, "scope": "customer:match"}
_CLAIMS = {
    "active": True,
    "token_type": "Bearer",
    "iss": CDC,
    "sub": "hospital",
    "aud": CDC,
    "client_id": "hospital",
    "scope": "customer:match records:elder_care",
    "iat": 1795302187,
    "exp": 1795303087,
    "jti": "01a20059-61de-7679-b43f-78776a478c06",
}
_JWK = {
    "kty": "EC",
    "crv": "P-256",
    "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    "kid": "signing-91c86105",
    "use": "sig",
    "alg": "ES256",
}
_METADATA = {
    "issuer": CDC,
    "token_endpoint": f"{CDC}/oauth2/token",
    "introspection_endpoint": f"{CDC}/oauth2/introspect",
    "revocation_endpoint": f"{CDC}/oauth2/revoke",
    "jwks_uri": f"{CDC}/oauth2/jwks",
    "scopes_supported": list(Scope),
    "response_types_supported": [],
    "grant_types_supported": [CLIENT_CREDENTIALS, TOKEN_EXCHANGE],
    "token_endpoint_auth_methods_supported": AUTH_METHODS,
    "introspection_endpoint_auth_methods_supported": AUTH_METHODS,
    "revocation_endpoint_auth_methods_supported": AUTH_METHODS,
    "authorization_details_types_supported": ["customer_records"],
}
_UNREADABLE = {"error": "invalid_request", "error_description": "grant_type is required."}
_NOT_THE_CLIENT = {"error": "invalid_client", "error_description": "Client authentication failed."}
_REFUSED = {"400": {"invalid_request": _UNREADABLE}, "401": {"invalid_client": _NOT_THE_CLIENT}}
_NOT_ALLOWED = {
    "error": "insufficient_scope",
    "error_description": "This client may not introspect tokens.",
}
_ONE_TOKEN = {"token": TOKEN, "token_type_hint": "access_token"}

EXAMPLES: Mapping[str, Mapping[str, Mapping[str, object]]] = {
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
    "register_source_record": {
        "request": {
            "living": PERSON,
            "deceased": {**PERSON, "attributes": {"deceased": True}},
        },
        "200": {
            "linked": {"customer_id": CUSTOMER, "outcome": "linked"},
            "review": {"customer_id": CUSTOMER, "outcome": "review"},
        },
    },
    "read_cross_reference": {"200": {"known": _REFERENCE}},
    "read_customer": {
        "200": {
            "customer": {
                "customer_id": CUSTOMER,
                "elements": PERSON,
                "deceased": False,
                "cross_references": [_REFERENCE],
            }
        }
    },
    "look_up_records": {
        "200": {"page": {"items": [_RECORD], "next": None}, "no_records": {"items": [], "next": None}}
    },
    "issue_token": {
        "request": {
            "client_credentials": {"grant_type": CLIENT_CREDENTIALS, "scope": "customer:match"},
            "for_the_health_data_center": {"grant_type": CLIENT_CREDENTIALS, "resource": [HDC]},
            "token_exchange": {
                "grant_type": TOKEN_EXCHANGE,
                "subject_token": TOKEN,
                "subject_token_type": ACCESS_TOKEN_TYPE,
            },
        },
        "200": {"issued": _ISSUED, "exchanged": {**_ISSUED, "issued_token_type": ACCESS_TOKEN_TYPE}},
        **_REFUSED,
    },
    "introspect_token": {
        "request": {"token": _ONE_TOKEN},
        "200": {"living": _CLAIMS, "anything_else": {"active": False}},
        "403": {"insufficient_scope": _NOT_ALLOWED},
        **_REFUSED,
    },
    "revoke_token": {"request": {"token": _ONE_TOKEN}, **_REFUSED},
    "jwks": {"200": {"keys": {"keys": [_JWK]}}},
    "authorization_server_metadata": {"200": {"metadata": _METADATA}},
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
    "list_audit_events": {"200": {"page": {"items": [_EVENT], "next": None}}},
    "export_audit_events": {"200": {"lines": "one event a line\n"}},
    "read_checkpoint": {"200": {"checkpoint": _CHECKPOINT}},
    "prove_inclusion": {"200": {"proof": _INCLUSION}},
    "prove_consistency": {"200": {"proof": {"from": 41, "to": 52, "hashes": [_HASH, _HASH]}}},
    "healthz": {"200": {"alive": {"status": "ok"}}},
    "readyz": {"200": {"ready": {"status": "ready"}}},
}
