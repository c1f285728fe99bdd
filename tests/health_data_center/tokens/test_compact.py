"""Tokens in compact form: every deviation from one strict form is refused."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.health_data_center.tokens.compact import InvalidToken, parse

HEADER = {"alg": "ES256", "typ": "at+jwt", "kid": "k1"}


def b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def compact(header: Any = HEADER, payload: bytes = b'{"iss": "x"}', signature: bytes = b"\x00" * 64) -> str:
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    return ".".join((b64(head), b64(payload), b64(signature)))


def test_the_one_form() -> None:
    token = parse(compact())
    assert (token.key_id, token.payload, len(token.signature)) == ("k1", {"iss": "x"}, 64)
    assert token.signed.decode() == compact().rpartition(".")[0]


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (HEADER | {"alg": "none"}, "wrong_algorithm"),
        (HEADER | {"alg": "HS256"}, "wrong_algorithm"),
        (HEADER | {"alg": "ES384"}, "wrong_algorithm"),
        (HEADER | {"alg": "es256"}, "wrong_algorithm"),
        (HEADER | {"alg": ["ES256"]}, "wrong_algorithm"),
        ({"typ": "at+jwt", "kid": "k1"}, "wrong_algorithm"),
        (HEADER | {"typ": "JWT"}, "wrong_type"),
        ({"alg": "ES256", "kid": "k1"}, "wrong_type"),
        (HEADER | {"kid": 1}, "wrong_header"),
        ({"alg": "ES256", "typ": "at+jwt"}, "wrong_header"),
        (HEADER | {"crit": ["exp"]}, "wrong_header"),
        (HEADER | {"jwk": {}}, "wrong_header"),
        (HEADER | {"jku": "http://evil.test"}, "wrong_header"),
        (HEADER | {"b64": False}, "wrong_header"),
        ([HEADER], "malformed"),
        (b'{"alg": "none", "alg": "ES256", "typ": "at+jwt", "kid": "k1"}', "malformed"),
        (b"\xff", "malformed"),
    ],
)
def test_headers(header: Any, reason: str) -> None:
    with pytest.raises(InvalidToken) as refused:
        parse(compact(header))
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"[]",
        b"7",
        b'{"exp": NaN}',
        b'{"aud": "a", "aud": "b"}',
        b"[" * 3000,
        b'{"exp": ' + b"9" * 5000 + b"}",
    ],
)
def test_payloads(payload: bytes) -> None:
    with pytest.raises(InvalidToken):
        parse(compact(payload=payload))


@pytest.mark.parametrize("signature", [b"", b"\x00" * 63, b"\x00" * 65])
def test_signatures_have_one_length(signature: bytes) -> None:
    with pytest.raises(InvalidToken):
        parse(compact(signature=signature))


@pytest.mark.parametrize(
    "token",
    [
        "",
        "..",
        compact() + ".",
        compact() + "=",
        compact()[:-1] + "B",  # bits set after the end of the signature
        compact().replace(".", " .", 1),
        compact(signature=b"\xff" * 64).replace("_", "/"),
        "é" + compact(),
        compact(payload=b'{"x": "' + b"y" * 9000 + b'"}'),
    ],
)
def test_spellings(token: str) -> None:
    with pytest.raises(InvalidToken):
        parse(token)


@given(st.text(max_size=300))
def test_any_text_is_refused_in_words(text: str) -> None:
    with pytest.raises(InvalidToken):
        parse(text)
