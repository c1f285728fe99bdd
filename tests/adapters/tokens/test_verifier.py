import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jose import jwk, jws

from app.adapters.tokens.signer import JwtSigner
from app.adapters.tokens.signing_keys import SigningKey, signing_keys
from app.adapters.tokens.verifier import JwtVerifier
from app.core.access.audience import audiences
from app.core.access.claims import Claims, CustomerGrant
from app.core.access.scope import Domain, Purpose, Scope
from app.core.access.token_claims import write_claims
from app.services.access_ports import InvalidToken

KNOWN = audiences("https://cdc.example", "https://hdc.example")
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
CLAIMS = Claims(
    token_id="018f0000-token",
    client_id="hospital",
    audience=KNOWN.records,
    scopes=frozenset({Scope.RECORDS_MEDICAL}),
    issued_at=NOW,
    expires_at=NOW + timedelta(seconds=300),
    actor="hdc",
    grant=CustomerGrant("C0000000000000000A", (Domain.MEDICAL,), Purpose.TREAT),
)
PAYLOAD = write_claims(CLAIMS, KNOWN.issuer)
HEADER = {"alg": "ES256", "kid": "new", "typ": "at+jwt"}
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _forge(entry: dict[str, Any], header: Any, payload: Any) -> str:
    """A token with any header and payload (text as it is, anything else as JSON), signed with ES256."""
    parts = [part if isinstance(part, str) else json.dumps(part) for part in (header, payload)]
    signed = ".".join(_encoded(part.encode()) for part in parts)
    key = jwk.construct(entry["jwk"], "ES256")
    return f"{signed}.{_encoded(key.sign(signed.encode()))}"


@pytest.fixture(scope="module")
def verifier(keys: tuple[SigningKey, ...]) -> JwtVerifier:
    return JwtVerifier(keys, KNOWN)


@pytest.fixture(scope="module")
def token(keys: tuple[SigningKey, ...]) -> str:
    return JwtSigner(keys, KNOWN.issuer).sign(CLAIMS)


def _refusal(verifier: JwtVerifier, token: str, now: datetime = NOW) -> str:
    with pytest.raises(InvalidToken) as refused:
        verifier.verify(token, KNOWN.every, now)
    return refused.value.reason


def test_what_is_signed_is_verified(verifier: JwtVerifier, token: str) -> None:
    assert verifier.verify(token, KNOWN.every, NOW) == CLAIMS


def test_the_header_is_rfc_9068s(token: str) -> None:
    assert jws.get_unverified_header(token) == HEADER


def test_a_token_of_an_older_key_is_taken_and_of_a_dropped_key_is_not(
    verifier: JwtVerifier, entries: list[dict[str, Any]]
) -> None:
    old = JwtSigner(signing_keys(entries[1:]), KNOWN.issuer).sign(CLAIMS)
    assert verifier.verify(old, KNOWN.every, NOW) == CLAIMS
    rotated = JwtVerifier(signing_keys(entries[:1]), KNOWN)
    assert _refusal(rotated, old) == "unknown_key"


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({**HEADER, "alg": "none"}, "wrong_algorithm"),
        ({**HEADER, "alg": "HS256"}, "wrong_algorithm"),
        ({**HEADER, "alg": "ES384"}, "wrong_algorithm"),
        ({**HEADER, "alg": "es256"}, "wrong_algorithm"),
        ({**HEADER, "alg": ["ES256"]}, "wrong_algorithm"),
        ({"kid": "new", "typ": "at+jwt"}, "wrong_algorithm"),
        ({**HEADER, "typ": "JWT"}, "wrong_type"),
        ({**HEADER, "typ": "AT+JWT"}, "wrong_type"),
        ({**HEADER, "typ": "application/at+jwt"}, "wrong_type"),
        ({"alg": "ES256", "kid": "new"}, "wrong_type"),
        ({"alg": "ES256", "typ": "at+jwt"}, "unexpected_header"),
        ({**HEADER, "kid": "old"}, "bad_signature"),
        ({**HEADER, "kid": "other"}, "unknown_key"),
        ({**HEADER, "kid": ["new"]}, "unknown_key"),
        ({**HEADER, "kid": None}, "unknown_key"),
        ({**HEADER, "crit": ["exp"]}, "unexpected_header"),
        ({**HEADER, "b64": False}, "unexpected_header"),
        ({**HEADER, "jku": "https://evil.example/jwks"}, "unexpected_header"),
        ({**HEADER, "x5u": "https://evil.example/cert"}, "unexpected_header"),
        ({**HEADER, "jwk": {"kty": "EC"}}, "unexpected_header"),
        ('{"alg":"none","alg":"ES256","kid":"new","typ":"at+jwt"}', "bad_header"),
        ("[]", "bad_header"),
        ("nothing", "bad_header"),
        ('{"alg":"ES256","kid":"new","typ":"at+jwt","x":NaN}', "bad_header"),
        ("[" * 2500, "bad_header"),
    ],
)
def test_each_header_is_checked_though_the_signature_is_good(
    header: Any, reason: str, verifier: JwtVerifier, entries: list[dict[str, Any]]
) -> None:
    assert _refusal(verifier, _forge(entries[0], header, PAYLOAD)) == reason


def _raw(**changed: str) -> str:
    members = {name: json.dumps(value) for name, value in PAYLOAD.items()} | changed
    return "{" + ",".join(f'"{name}":{value}' for name, value in members.items()) + "}"


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (_raw()[:-1] + ',"sub":"funeral"}', "bad_payload"),
        (_raw(act='{"sub":"hdc","sub":"other"}'), "bad_payload"),
        (_raw(exp="NaN"), "bad_payload"),
        (_raw(exp="Infinity"), "bad_payload"),
        (_raw(exp="9" * 2000), "bad_exp"),
        (_raw(exp="1e20"), "bad_exp"),
        (_raw(exp=f'"{PAYLOAD["exp"]}"'), "bad_exp"),
        (_raw(exp="true"), "bad_exp"),
        (_raw(iss='"https://evil.example"'), "wrong_issuer"),
        (_raw(aud='["https://cdc.example/records"]'), "bad_audience"),
        ("[]", "bad_payload"),
        ('"text"', "bad_payload"),
        ("", "bad_payload"),
        ("[" * 2500, "bad_payload"),
    ],
)
def test_each_payload_is_checked_though_the_signature_is_good(
    payload: str, reason: str, verifier: JwtVerifier, entries: list[dict[str, Any]]
) -> None:
    assert _refusal(verifier, _forge(entries[0], HEADER, payload)) == reason


@pytest.mark.parametrize("claim", ["iss", "sub", "aud", "client_id", "scope", "iat", "exp", "jti"])
def test_no_claim_may_be_missing(claim: str, verifier: JwtVerifier, entries: list[dict[str, Any]]) -> None:
    payload = {name: value for name, value in PAYLOAD.items() if name != claim}
    assert _refusal(verifier, _forge(entries[0], HEADER, payload)).startswith(("bad_", "wrong_", "grant_"))


def test_the_public_key_is_no_hmac_secret(verifier: JwtVerifier, keys: tuple[SigningKey, ...]) -> None:
    """RFC 8725 section 2.1: our published key, used as the secret of an HS256 token."""
    signed = f"{_encoded(json.dumps({**HEADER, 'alg': 'HS256'}).encode())}.{_encoded(_raw().encode())}"
    hmac_key = jwk.construct({"kty": "oct", "k": _encoded(keys[0].public.to_pem())}, "HS256")
    assert _refusal(verifier, f"{signed}.{_encoded(hmac_key.sign(signed.encode()))}") == "wrong_algorithm"


def test_a_foreign_key_under_our_kid_signs_nothing(
    verifier: JwtVerifier, foreign_entry: dict[str, Any]
) -> None:
    assert _refusal(verifier, _forge(foreign_entry, HEADER, PAYLOAD)) == "bad_signature"


@pytest.mark.parametrize(
    "mangle",
    [
        lambda _: "",
        lambda _: ".",
        lambda _: "..",
        lambda token: token.rpartition(".")[0],
        lambda token: token.rpartition(".")[0] + ".",
        lambda token: token + ".",
        lambda token: token + ".AAAA",
        lambda token: token + "=",
        lambda token: token + "\n",
        lambda token: " " + token,
        lambda token: token.replace(".", "..", 1),
        lambda token: token.replace("A", "\u0410", 1),
        lambda token: token + "\ud800",
        lambda token: token + "A" * 5000,
    ],
)
def test_what_is_no_compact_token_is_malformed(
    mangle: Callable[[str], str], verifier: JwtVerifier, token: str
) -> None:
    assert _refusal(verifier, mangle(token)) in {"malformed", "bad_signature", "bad_header", "bad_payload"}


def test_no_second_spelling_of_a_signature(verifier: JwtVerifier, token: str) -> None:
    """The last of the 86 characters of a signature carries four bits that count and two that must be zero."""
    last = ALPHABET.index(token[-1])
    for spare in (1, 2, 3):
        assert _refusal(verifier, token[:-1] + ALPHABET[last + spare]) == "malformed"


def test_a_zero_signature_opens_nothing(verifier: JwtVerifier, token: str) -> None:
    """CVE-2022-21449's r = s = 0, and other lengths."""
    signed = token.rpartition(".")[0]
    for length in (0, 1, 63, 64, 65, 128):
        assert _refusal(verifier, f"{signed}.{_encoded(bytes(length))}") == "bad_signature"


def test_a_token_is_dead_in_the_second_it_expires(verifier: JwtVerifier, token: str) -> None:
    assert verifier.verify(token, KNOWN.every, CLAIMS.expires_at - timedelta(seconds=1))
    assert _refusal(verifier, token, CLAIMS.expires_at) == "expired"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=500, deadline=None)
@given(data=st.data())
def test_no_single_change_of_a_character_is_taken(
    data: st.DataObject, verifier: JwtVerifier, token: str
) -> None:
    position = data.draw(st.integers(0, len(token) - 1))
    character = data.draw(st.sampled_from(ALPHABET + ".=+/ ") | st.characters())
    assume(character != token[position])
    assert _refusal(verifier, token[:position] + character + token[position + 1 :])


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=200) | st.from_regex(r"\A[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\Z"))
def test_no_text_makes_more_than_a_refusal(text: str, verifier: JwtVerifier) -> None:
    assert _refusal(verifier, text)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(header=st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "jwk"]), json_values))
def test_no_header_but_ours_is_taken(
    header: dict[str, Any], verifier: JwtVerifier, entries: list[dict[str, Any]]
) -> None:
    assert _refusal(verifier, _forge(entries[0], header, PAYLOAD))
