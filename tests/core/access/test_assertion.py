"""RFC 7523 section 3, claim by claim."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.core.access.assertion import Assertion, UnacceptableAssertion, read_assertion

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SECOND = int(NOW.timestamp())
ISSUER, ENDPOINT = "https://cdc.example", "https://cdc.example/oauth2/token"
ACCEPTED = frozenset({ISSUER, ENDPOINT})
GOOD: dict[str, Any] = {
    "iss": "hospital",
    "sub": "hospital",
    "aud": ISSUER,
    "exp": SECOND + 60,
    "iat": SECOND,
    "jti": "one",
}
ABSENT = object()


def test_a_good_one_is_told() -> None:
    good = Assertion("hospital", "one", NOW + timedelta(seconds=60))
    assert read_assertion(GOOD, ACCEPTED, NOW) == good
    for audience in (ENDPOINT, [ISSUER], [ISSUER, ENDPOINT]):
        assert read_assertion({**GOOD, "aud": audience}, ACCEPTED, NOW) == good
    for name in ("iat", "nbf"):
        assert read_assertion({**GOOD, name: SECOND + 60}, ACCEPTED, NOW) == good


@pytest.mark.parametrize(
    ("claim", "value", "reason"),
    [
        ("iss", ABSENT, "bad_assertion_subject"),
        ("iss", "other", "bad_assertion_subject"),
        ("sub", ABSENT, "bad_assertion_subject"),
        ("sub", ["hospital"], "bad_assertion_subject"),
        ("aud", ABSENT, "bad_assertion_audience"),
        ("aud", [], "bad_assertion_audience"),
        ("aud", "https://elsewhere.example", "bad_assertion_audience"),
        ("aud", [ISSUER, "https://elsewhere.example"], "bad_assertion_audience"),
        ("aud", [[ISSUER]], "bad_assertion_audience"),
        ("aud", {"x": ISSUER}, "bad_assertion_audience"),
        ("jti", ABSENT, "bad_assertion_id"),
        ("jti", "", "bad_assertion_id"),
        ("jti", 1, "bad_assertion_id"),
        ("jti", "a" * 256, "bad_assertion_id"),
        ("jti", "a\x00b", "bad_assertion_id"),
        ("exp", ABSENT, "bad_assertion_time"),
        ("exp", None, "bad_assertion_time"),
        ("exp", True, "bad_assertion_time"),
        ("exp", str(SECOND + 60), "bad_assertion_time"),
        ("exp", 1e300, "bad_assertion_time"),
        ("exp", 10**40, "bad_assertion_time"),
        ("exp", 2**52, "bad_assertion_time"),
        ("exp", -1, "bad_assertion_time"),
        ("exp", SECOND, "assertion_expired"),
        ("exp", SECOND - 0.5, "assertion_expired"),
        ("exp", SECOND + 361, "assertion_lives_too_long"),
        ("iat", SECOND + 61, "assertion_not_yet_valid"),
        ("iat", None, "bad_assertion_time"),
        ("nbf", SECOND + 61, "assertion_not_yet_valid"),
    ],
)
def test_each_claim_is_checked(claim: str, value: object, reason: str) -> None:
    payload = {**GOOD, claim: value}
    if value is ABSENT:
        del payload[claim]
    with pytest.raises(UnacceptableAssertion) as refused:
        read_assertion(payload, ACCEPTED, NOW)
    assert refused.value.reason == reason
