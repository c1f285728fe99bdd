from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.access.audience import audiences
from app.core.access.claims import Claims, CustomerGrant
from app.core.access.scope import Domain, Purpose, Scope
from app.core.access.token_claims import UnacceptableClaims, read_claims, write_claims

KNOWN = audiences("https://cdc.example", "https://hdc.example")
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SECOND = int(NOW.timestamp())
GRANT = CustomerGrant("C0000000000000000A", (Domain.MEDICAL,), Purpose.TREAT)
DETAILS = {
    "type": "customer_records",
    "customer_id": "C0000000000000000A",
    "domains": ["medical"],
    "purpose": "TREAT",
}
PLAIN: dict[str, Any] = {
    "iss": "https://cdc.example",
    "sub": "hospital",
    "client_id": "hospital",
    "aud": "https://cdc.example",
    "scope": "customer:match",
    "iat": SECOND - 10,
    "exp": SECOND + 890,
    "jti": "018f-token-id",
}
BOUND = {**PLAIN, "aud": KNOWN.records, "scope": "records:medical", "authorization_details": [DETAILS]}


def _read(payload: dict[str, Any], accepted: frozenset[str] = KNOWN.every) -> Claims:
    return read_claims(payload, KNOWN, accepted, NOW)


def _taken(payload: dict[str, Any]) -> Claims | None:
    """What the payload says, where it is not refused."""
    try:
        return _read(payload)
    except UnacceptableClaims:
        return None


seconds = st.integers(1, 3600)
client_ids = st.from_regex(r"\A[a-z0-9_-]{1,64}\Z")


@given(
    claims=st.builds(
        Claims,
        token_id=st.uuids().map(str),
        client_id=client_ids,
        audience=st.sampled_from([KNOWN.issuer, KNOWN.health_data_center]),
        scopes=st.frozensets(st.sampled_from(Scope), min_size=1),
        issued_at=st.just(NOW),
        expires_at=seconds.map(lambda life: NOW + timedelta(seconds=life)),
    ),
    actor=st.none() | client_ids,
    line=st.lists(st.uuids().map(str), max_size=2).map(tuple),
)
def test_what_is_written_is_read_again(claims: Claims, actor: str | None, line: tuple[str, ...]) -> None:
    acted = replace(claims, actor=actor if actor != claims.client_id else None, derived_from=line)
    assert _read(write_claims(acted, KNOWN.issuer)) == acted


@given(st.lists(st.sampled_from(Domain), min_size=1, unique=True), st.sampled_from(Purpose))
def test_a_customer_bound_token_is_read_again(domains: list[Domain], purpose: Purpose) -> None:
    grant = CustomerGrant("C0000000000000000A", tuple(domains), purpose)
    scopes = frozenset({Scope.RECORDS_MEDICAL})
    until = NOW + timedelta(seconds=300)
    bound = Claims("018f-token-id", "hospital", KNOWN.records, scopes, NOW, until, "hdc", grant)
    assert _read(write_claims(bound, KNOWN.issuer)) == bound


def test_both_samples_are_good() -> None:
    assert _read(PLAIN).grant is None
    assert _read(BOUND).grant == GRANT


def test_unnamed_claims_are_ignored() -> None:
    assert _read({**PLAIN, "nbf": SECOND, "purpose_of_use": "x"}) == _read(PLAIN)


ABSENT = object()


@pytest.mark.parametrize(
    ("claim", "value", "reason"),
    [
        ("iss", ABSENT, "wrong_issuer"),
        ("iss", "https://other.example", "wrong_issuer"),
        ("iss", "https://cdc.example/", "wrong_issuer"),
        ("iss", ["https://cdc.example"], "wrong_issuer"),
        ("aud", ABSENT, "bad_audience"),
        ("aud", ["https://cdc.example"], "bad_audience"),
        ("aud", None, "bad_audience"),
        ("aud", "https://elsewhere.example", "wrong_audience"),
        ("sub", ABSENT, "bad_subject"),
        ("sub", "funeral", "bad_subject"),
        ("client_id", ABSENT, "bad_subject"),
        ("client_id", 7, "bad_subject"),
        ("jti", ABSENT, "bad_jti"),
        ("jti", "", "bad_jti"),
        ("jti", 12345678, "bad_jti"),
        ("jti", "a" * 129, "bad_jti"),
        ("jti", "with\x00control", "bad_jti"),
        ("scope", ABSENT, "bad_scope"),
        ("scope", ["customer:match"], "bad_scope"),
        ("scope", "", "unknown_scope"),
        ("scope", "root", "unknown_scope"),
        ("iat", ABSENT, "bad_iat"),
        ("iat", str(SECOND), "bad_iat"),
        ("iat", SECOND + 61, "not_yet_valid"),
        ("iat", SECOND + 86400, "not_yet_valid"),
        ("nbf", SECOND + 61, "not_yet_valid"),
        ("nbf", None, "bad_nbf"),
        ("nbf", "0", "bad_nbf"),
        ("exp", ABSENT, "bad_exp"),
        ("exp", None, "bad_exp"),
        ("exp", str(SECOND + 890), "bad_exp"),
        ("exp", float(SECOND + 890), "bad_exp"),
        ("exp", 1e20, "bad_exp"),
        ("exp", 10**20, "bad_exp"),
        ("exp", 2**53 - 1, "bad_exp"),
        ("exp", True, "bad_exp"),
        ("exp", -1, "bad_exp"),
        ("exp", SECOND, "expired"),
        ("exp", SECOND - 1, "expired"),
        ("exp", SECOND - 11, "bad_lifetime"),
        ("exp", SECOND - 10 + 3601, "bad_lifetime"),
        ("act", None, "bad_actor"),
        ("act", "hdc", "bad_actor"),
        ("act", {"sub": 1}, "bad_actor"),
        ("act", {"sub": "hospital"}, "bad_actor"),
        ("act", {"sub": "hdc", "act": {"sub": "other"}}, "bad_actor"),
        ("derived_from", None, "bad_derived_from"),
        ("derived_from", [], "bad_derived_from"),
        ("derived_from", "018f-token-id", "bad_derived_from"),
        ("derived_from", ["short"], "bad_derived_from"),
        ("derived_from", ["018f-token-id", 7], "bad_derived_from"),
        ("derived_from", ["018f-token-id"] * 3, "bad_derived_from"),
        ("authorization_details", [DETAILS], "grant_and_audience_differ"),
        ("authorization_details", [], "grant_and_audience_differ"),
    ],
)
def test_each_claim_is_checked(claim: str, value: object, reason: str) -> None:
    payload = {**PLAIN, claim: value}
    if value is ABSENT:
        del payload[claim]
    with pytest.raises(UnacceptableClaims) as refused:
        _read(payload)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        (ABSENT, "grant_and_audience_differ"),
        (None, "bad_authorization_details"),
        ([], "bad_authorization_details"),
        (DETAILS, "bad_authorization_details"),
        ([DETAILS, DETAILS], "bad_authorization_details"),
        ([{**DETAILS, "type": "other"}], "bad_authorization_details"),
        ([{**DETAILS, "more": 1}], "bad_authorization_details"),
        ([{**DETAILS, "customer_id": ""}], "bad_authorization_details"),
        ([{**DETAILS, "customer_id": "C" * 65}], "bad_authorization_details"),
        ([{**DETAILS, "customer_id": None}], "bad_authorization_details"),
        ([{**DETAILS, "domains": []}], "bad_authorization_details"),
        ([{**DETAILS, "domains": "medical"}], "bad_authorization_details"),
        ([{**DETAILS, "domains": ["medical", "medical"]}], "bad_authorization_details"),
        ([{**DETAILS, "domains": ["medical", 1]}], "bad_authorization_details"),
        ([{**DETAILS, "domains": ["dental"]}], "bad_authorization_details"),
        ([{**DETAILS, "purpose": "FUN"}], "bad_authorization_details"),
        ([{**DETAILS, "purpose": None}], "bad_authorization_details"),
    ],
)
def test_a_grant_is_exactly_ours(details: object, reason: str) -> None:
    payload = {**BOUND, "authorization_details": details}
    if details is ABSENT:
        del payload["authorization_details"]
    with pytest.raises(UnacceptableClaims) as refused:
        _read(payload)
    assert refused.value.reason == reason


@pytest.mark.parametrize("audience", sorted(KNOWN.every))
def test_a_token_is_good_at_its_own_audience_only(audience: str) -> None:
    payload = {**(BOUND if audience == KNOWN.records else PLAIN), "aud": audience}
    assert _read(payload, frozenset({audience})).audience == audience
    with pytest.raises(UnacceptableClaims, match="wrong_audience"):
        _read(payload, KNOWN.every - {audience})


def test_a_clock_that_is_a_minute_behind_is_forgiven_and_expiry_is_not() -> None:
    assert _read({**PLAIN, "iat": SECOND + 60})
    with pytest.raises(UnacceptableClaims, match="expired"):
        read_claims(PLAIN, KNOWN, KNOWN.every, NOW + timedelta(seconds=890))


def test_a_refusal_names_the_client_once_it_is_known() -> None:
    with pytest.raises(UnacceptableClaims) as refused:
        read_claims(PLAIN, KNOWN, KNOWN.every, NOW + timedelta(seconds=890))
    assert refused.value.client_id == "hospital"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(BOUND)), json_values)
def test_no_value_of_any_claim_is_more_than_refused(claim: str, value: object) -> None:
    taken = _taken({**BOUND, claim: value})
    assert taken is None or _read(write_claims(taken, KNOWN.issuer)) == taken
