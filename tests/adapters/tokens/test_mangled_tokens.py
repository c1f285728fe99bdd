"""Good tokens, mangled: whatever is done to one, neither center takes it (RFC 8725, RFC 9068 section 4).

Both verifiers, which share no code, are given the same tokens.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from jose import jwk
from jose.backends.base import Key

from app.adapters.crypto.key_file import generate_key
from app.adapters.tokens.signing_keys import SigningKey, signing_keys
from app.adapters.tokens.verifier import JwtVerifier
from app.core.access.audience import audiences
from app.health_data_center.tokens.claims import check
from app.health_data_center.tokens.compact import InvalidToken as InvalidAtHdc
from app.health_data_center.tokens.compact import parse
from app.services.access_ports import InvalidToken

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SECOND = int(NOW.timestamp())
KNOWN = audiences("https://cdc.example", "https://hdc.example")
ENTRY = generate_key("signing")
(OURS,) = signing_keys([ENTRY])
(THIEF,) = signing_keys([generate_key("signing")])
HEADER: dict[str, Any] = {"alg": "ES256", "kid": OURS.kid, "typ": "at+jwt"}
PAYLOAD: dict[str, Any] = {
    "iss": KNOWN.issuer,
    "sub": "hospital",
    "client_id": "hospital",
    "aud": KNOWN.health_data_center,
    "scope": "customer:match",
    "iat": SECOND - 100,
    "exp": SECOND + 800,
    "jti": "01a20059-61de-7679-b43f-78776a478c06",
}
VERIFIER = JwtVerifier([OURS], KNOWN)


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def text(value: object) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def signed(header: object = HEADER, payload: object = PAYLOAD, key: SigningKey = OURS) -> str:
    begun = f"{encoded(text(header))}.{encoded(text(payload))}"
    return f"{begun}.{encoded(key.private.sign(begun.encode()))}"


def taken(token: str, now: datetime = NOW) -> bool:
    """Whether either center takes it."""
    try:
        VERIFIER.verify(token, frozenset({KNOWN.health_data_center}), now)
    except InvalidToken:
        return _taken_at_hdc(token, now)
    return True


def _taken_at_hdc(token: str, now: datetime) -> bool:
    try:
        compact = parse(token)
        known: Key | None = OURS.public if compact.key_id == OURS.kid else None
        if known is None or not known.verify(compact.signed, compact.signature):
            return False
        check(compact.payload, KNOWN.issuer, KNOWN.health_data_center, now)
    except InvalidAtHdc:
        return False
    return True


def test_the_token_that_is_mangled_is_good() -> None:
    VERIFIER.verify(signed(), frozenset({KNOWN.health_data_center}), NOW)
    assert _taken_at_hdc(signed(), NOW)


PUBLIC_PEM = jwk.construct(dict(OURS.public_jwk), "ES256").to_pem()
SECRETS = (
    b"",
    b"secret",
    PUBLIC_PEM,
    PUBLIC_PEM.strip(),
    json.dumps(OURS.public_jwk).encode(),
    OURS.kid.encode(),
)


@given(st.sampled_from(["HS256", "HS384", "HS512"]), st.sampled_from(SECRETS))
def test_a_public_key_is_no_secret(algorithm: str, secret: bytes) -> None:
    """RFC 8725 section 2.1: the key decides the algorithm, never the header."""
    begun = f"{encoded(text({**HEADER, 'alg': algorithm}))}.{encoded(text(PAYLOAD))}"
    digest = hmac.digest(secret, begun.encode(), hashlib.new(f"sha{algorithm[2:]}").name)
    assert not taken(f"{begun}.{encoded(digest)}")


@given(
    st.sampled_from(
        ["none", "None", "NONE", "", "es256", "ES384", "ES512", "RS256", "PS256", "EdDSA", None, 1]
    ),
    st.booleans(),
)
def test_no_other_algorithm(algorithm: object, keep: bool) -> None:
    token = signed({**HEADER, "alg": algorithm})
    assert not taken(token if keep else token.rpartition(".")[0] + ".")


@given(
    st.sampled_from(
        ["", "../keys", "' OR 1=1 --", "\x00", THIEF.kid, OURS.kid.upper(), [OURS.kid], {"kid": 1}, None, 0]
    ),
    st.booleans(),
)
def test_no_other_kid(kid: object, ours: bool) -> None:
    assert not taken(signed({**HEADER, "kid": kid}, key=OURS if ours else THIEF))


@given(st.sampled_from(["jwk", "jku", "x5c", "x5u", "crit", "b64", "zip", "cty", "enc"]), st.booleans())
def test_no_header_brings_its_own_key(member: str, ours: bool) -> None:
    """RFC 7515 section 4.1.11, RFC 8725 section 3.10."""
    values: Mapping[str, object] = {
        "jwk": dict(THIEF.public_jwk),
        "crit": ["exp"],
        "b64": False,
        "zip": "DEF",
        "cty": "JWT",
    }
    header = {**HEADER, member: values.get(member, "https://thief.example/keys")}
    assert not taken(signed(header, key=OURS if ours else THIEF))


@given(st.sampled_from(["JWT", "at+JWT", "application/at+jwt", "id+jwt", "dpop+jwt", "", None, ["at+jwt"]]))
def test_no_other_type(kind: object) -> None:
    """RFC 9068 section 4: one spelling, ours."""
    assert not taken(signed({**HEADER, "typ": kind}))


@given(st.sampled_from(sorted(PAYLOAD)), st.booleans())
def test_no_claim_is_there_twice(name: str, evil_first: bool) -> None:
    """RFC 8725 section 2.4: two readers could each see another one."""
    evil = f"{json.dumps(name)}: {json.dumps('evil' if isinstance(PAYLOAD[name], str) else 9999999999)}"
    plain = json.dumps(PAYLOAD)
    both = f"{{{evil}, {plain[1:]}" if evil_first else f"{plain[:-1]}, {evil}}}"
    assert not taken(signed(payload=both.encode()))


def test_no_header_member_is_there_twice() -> None:
    plain = json.dumps(HEADER)
    for member in ('"alg": "none"', '"kid": "x"', '"typ": "JWT"'):
        assert not taken(signed(f"{{{member}, {plain[1:]}".encode()))


huge = st.one_of(
    st.integers(min_value=2**53),
    st.integers(max_value=0),
    st.floats(allow_nan=False),
    st.booleans(),
    st.text(max_size=20),
    st.none(),
    st.lists(st.integers(), max_size=2),
)


@given(st.sampled_from(["exp", "iat", "nbf"]), huge)
def test_no_time_that_is_none(name: str, value: object) -> None:
    assert not taken(signed(payload={**PAYLOAD, name: value}))


@pytest.mark.parametrize("number", ["1e400", "NaN", "Infinity", "-Infinity", "9" * 3000, "0x7fffffff"])
def test_no_number_that_is_none(number: str) -> None:
    written = json.dumps(PAYLOAD).replace(str(PAYLOAD["exp"]), number)
    assert not taken(signed(payload=written.encode()))


@given(st.integers(min_value=0, max_value=10**6))
def test_expired_by_a_second_or_more(late: int) -> None:
    end = datetime.fromtimestamp(PAYLOAD["exp"], UTC)
    assert taken(signed(), end - timedelta(microseconds=1))
    assert not taken(signed(), end + timedelta(seconds=late))


other = st.sampled_from(
    [KNOWN.issuer, KNOWN.records, "https://hdc.example/", "https://HDC.example", "", "*", None, 7]
)


@given(st.one_of(other, st.lists(st.one_of(other, st.just(KNOWN.health_data_center)), max_size=3)))
def test_no_other_audience_nor_several(audience: object) -> None:
    assert not taken(signed(payload={**PAYLOAD, "aud": audience}))


@given(
    st.sampled_from(
        ["https://cdc.example/", "https://cdc.example.thief.example", "http://cdc.example", "", None]
    )
)
def test_no_other_issuer(issuer: object) -> None:
    assert not taken(signed(payload={**PAYLOAD, "iss": issuer}))


@given(st.sampled_from(sorted(PAYLOAD)))
def test_no_claim_is_missing(name: str) -> None:
    assume(name != "scope")  # without one the HDC sees no scope: there it opens nothing
    assert not taken(signed(payload={k: v for k, v in PAYLOAD.items() if k != name}))


@given(st.integers(0, 1000), st.integers(1, 63))
def test_no_bit_is_turned(place: int, by: int) -> None:
    """Each token has one spelling: the unused bits of base64url are no exception (RFC 7515 section 2)."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    token = signed()
    place %= len(token)
    assume(token[place] != ".")
    turned = alphabet[(alphabet.index(token[place]) + by) % 64]
    assert not taken(token[:place] + turned + token[place + 1 :])


def parts(*keep: int) -> Sequence[str]:
    whole = signed().split(".")
    return [whole[position] for position in keep]


@pytest.mark.parametrize(
    "token",
    [
        "",
        "..",
        ".".join(parts(0, 1)),
        ".".join([*parts(0, 1), ""]),
        ".".join(parts(0, 1, 2, 2)),
        ".".join([*parts(0, 1, 2), "", ""]),  # five: a JWE
        signed() + "=",
        signed() + "\n",
        " " + signed(),
        signed().replace(".", "．"),
        signed(payload=text(signed())),  # a token in a token
        signed(payload=b"[]"),
        signed(payload=b"[" * 3000),
        signed(header=b"\xff\xfe"),
        signed(payload={**PAYLOAD, "pad": "x" * 8192}),
        signed(key=THIEF),
    ],
)
def test_no_other_form(token: str) -> None:
    assert not taken(token)


@given(st.text(max_size=300))
def test_no_text_at_all(token: str) -> None:
    assert not taken(token)
