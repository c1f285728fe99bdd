"""Examples: partner systems."""

from app.api.examples.shared import SECRET, Examples

_CLIENT = {
    "client_id": "hospital-east",
    "scopes": ["customer:match", "records:elder_care"],
    "domain": "medical",
    "source_systems": ["medical"],
    "rate": 50,
    "active": True,
    "created_at": "2026-11-21T08:30:00Z",
    "not_before": None,
    "method": "client_secret",
}
_WITH_KEYS = {**_CLIENT, "method": "private_key_jwt"}
_PUBLIC_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    "kid": "his-1",
}
_JWKS = {"keys": [_PUBLIC_KEY]}
_JWKS_URI = "https://his.hospital-east.example/jwks.json"
_SUSPENDED = {**_CLIENT, "active": False, "not_before": "2026-11-21T09:00:00Z"}

EXAMPLES: Examples = {
    "create_client": {
        "request": {
            "partner": {
                "client_id": "hospital-east",
                "scopes": ["customer:match", "records:elder_care"],
                "domain": "medical",
            },
            "partner_with_keys": {
                "client_id": "hospital-east",
                "scopes": ["customer:match", "records:elder_care"],
                "domain": "medical",
                "jwks": _JWKS,
            },
            "resource_server": {"client_id": "hdc", "scopes": ["token:introspect"], "rate": None},
        },
        "201": {
            "created": {**_CLIENT, "client_secret": SECRET},
            "with_keys": {**_WITH_KEYS, "client_secret": None},
        },
    },
    "list_clients": {"200": {"page": {"items": [_CLIENT], "next": None}}},
    "read_client": {"200": {"client": _CLIENT}},
    "rotate_client_secret": {"200": {"renewed": {"client_id": "hospital-east", "client_secret": SECRET}}},
    "replace_client_keys": {
        "request": {"inline": {"jwks": _JWKS}, "published": {"jwks_uri": _JWKS_URI}},
        "200": {"replaced": _WITH_KEYS},
    },
    "suspend_client": {"200": {"suspended": _SUSPENDED}},
    "activate_client": {"200": {"active": {**_CLIENT, "not_before": "2026-11-21T09:00:00Z"}}},
}
