"""Claims: present, typed, within bounds."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.health_data_center.tokens.claims import Claims, Grant, check
from app.health_data_center.tokens.compact import InvalidToken

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
T = int(NOW.timestamp())
ISSUER, AUDIENCE = "http://cdc.test", "http://cdc.test/records"
DETAILS = {"type": "customer_records", "customer_id": "CA", "domains": ["medical"], "purpose": "TREAT"}
GOOD: dict[str, Any] = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "sub": "hospital",
    "client_id": "hospital",
    "iat": T,
    "exp": T + 300,
    "jti": "j1",
    "scope": "customer:match records:medical",
    "act": {"sub": "hdc"},
    "authorization_details": [DETAILS],
}


def test_a_good_token() -> None:
    assert check(GOOD, ISSUER, AUDIENCE, NOW) == Claims(
        token_id="j1",
        client_id="hospital",
        audience=AUDIENCE,
        scopes=frozenset({"customer:match", "records:medical"}),
        issued_at=T,
        expires_at=T + 300,
        actor="hdc",
        grant=Grant("CA", ("medical",), "TREAT"),
    )


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "client_id", "iat", "exp", "jti"])
def test_required_claims(name: str) -> None:
    with pytest.raises(InvalidToken):
        check({k: v for k, v in GOOD.items() if k != name}, ISSUER, AUDIENCE, NOW)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": "http://cdc.test/"}, "wrong_issuer"),
        ({"iss": [ISSUER]}, "wrong_issuer"),
        ({"aud": [AUDIENCE]}, "wrong_audience"),
        ({"aud": AUDIENCE + "/"}, "wrong_audience"),
        ({"sub": "another"}, "wrong_subject"),
        ({"client_id": "", "sub": ""}, "wrong_client_id"),
        ({"client_id": 7, "sub": 7}, "wrong_client_id"),
        ({"client_id": "a\x00b", "sub": "a\x00b"}, "wrong_client_id"),
        ({"jti": 5}, "wrong_jti"),
        ({"jti": "x" * 129}, "wrong_jti"),
        ({"exp": T}, "expired"),
        ({"exp": str(T + 300)}, "wrong_time"),
        ({"exp": float(T + 300)}, "wrong_time"),
        ({"exp": 1e20}, "wrong_time"),
        ({"exp": 10**20}, "wrong_time"),
        ({"exp": True}, "wrong_time"),
        ({"exp": None}, "wrong_time"),
        ({"exp": -1}, "wrong_time"),
        ({"exp": T + 3601}, "life_too_long"),
        ({"iat": str(T)}, "wrong_time"),
        ({"iat": False}, "wrong_time"),
        ({"iat": T + 31}, "not_yet_valid"),
        ({"nbf": T + 31}, "not_yet_valid"),
        ({"nbf": "soon"}, "wrong_time"),
        ({"scope": ["customer:match"]}, "wrong_scope"),
        ({"act": "hdc"}, "wrong_actor"),
        ({"act": {}}, "wrong_actor"),
        ({"act": {"sub": "hdc", "act": {"sub": "x"}}}, "wrong_actor"),
        ({"authorization_details": {}}, "wrong_grant"),
        ({"authorization_details": []}, "wrong_grant"),
        ({"authorization_details": [DETAILS, DETAILS]}, "wrong_grant"),
        ({"authorization_details": [DETAILS | {"type": "account"}]}, "wrong_grant"),
        ({"authorization_details": [DETAILS | {"domains": []}]}, "wrong_grant"),
        ({"authorization_details": [DETAILS | {"domains": "medical"}]}, "wrong_grant"),
        ({"authorization_details": [DETAILS | {"domains": [7]}]}, "wrong_grant"),
        ({"authorization_details": [DETAILS | {"customer_id": None}]}, "wrong_customer_id"),
        ({"authorization_details": [DETAILS | {"purpose": 1}]}, "wrong_purpose"),
        ({"authorization_details": [DETAILS | {"locations": []}]}, "wrong_grant"),
        ({"authorization_details": ["CA"]}, "wrong_grant"),
    ],
)
def test_wrong_claims(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidToken) as refused:
        check(GOOD | changes, ISSUER, AUDIENCE, NOW)
    assert refused.value.reason == reason


def test_a_clock_a_little_ahead_is_forgiven() -> None:
    assert check(GOOD | {"iat": T + 30, "exp": T + 330}, ISSUER, AUDIENCE, NOW).issued_at == T + 30
