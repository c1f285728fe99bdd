"""Examples: tokens."""

from app.api.examples.shared import CDC, HDC, TOKEN, Examples
from app.api.schemas.oauth import (
    ACCESS_TOKEN_TYPE,
    ASSERTION_ALGORITHMS,
    AUTH_METHODS,
    CLIENT_CREDENTIALS,
    TOKEN_EXCHANGE,
)
from app.core.access.scope import Scope
from app.services.authenticate_client import ASSERTION_TYPE

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
    "token_endpoint_auth_signing_alg_values_supported": ASSERTION_ALGORITHMS,
    "introspection_endpoint_auth_signing_alg_values_supported": ASSERTION_ALGORITHMS,
    "revocation_endpoint_auth_signing_alg_values_supported": ASSERTION_ALGORITHMS,
    "authorization_details_types_supported": ["customer_records"],
}
_UNREADABLE = {"error": "invalid_request", "error_description": "grant_type is required."}
_NOT_THE_CLIENT = {"error": "invalid_client", "error_description": "Client authentication failed."}
_TOO_MANY = {
    "error": "temporarily_unavailable",
    "error_description": "Too many requests; go on after Retry-After, and more slowly.",
}
_REFUSED = {
    "400": {"invalid_request": _UNREADABLE},
    "401": {"invalid_client": _NOT_THE_CLIENT},
    "429": {"temporarily_unavailable": _TOO_MANY},
}
ASSERTION = "eyJhbGciOiJFUzI1NiIsImtpZCI6ImhpcyJ9.eyJpc3MiOiJob3NwaXRhbCJ9.c2lnbmF0dXJl"
_NOT_ALLOWED = {
    "error": "insufficient_scope",
    "error_description": "This client may not introspect tokens.",
}
_ONE_TOKEN = {"token": TOKEN, "token_type_hint": "access_token"}

EXAMPLES: Examples = {
    "issue_token": {
        "request": {
            "client_credentials": {"grant_type": CLIENT_CREDENTIALS, "scope": "customer:match"},
            "by_private_key_jwt": {
                "grant_type": CLIENT_CREDENTIALS,
                "client_assertion_type": ASSERTION_TYPE,
                "client_assertion": ASSERTION,
            },
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
}
