"""Verifies access tokens.

python-jose's `decode` takes tokens that no resource server may take (any `typ`, an unknown `crit`, another
key's `kid`, loose base64, claims that are missing or of the wrong type). So only its prebuilt key checks the
signature; header, encoding and JSON are checked here, and the claims in the core.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from jose.backends.base import Key

from app.adapters.tokens.signing_keys import ALGORITHM, TOKEN_TYPE, SigningKey
from app.core.access.audience import Audiences
from app.core.access.claims import Claims
from app.core.access.token_claims import UnacceptableClaims, read_claims
from app.services.ports import InvalidToken

LONGEST_TOKEN = 4096
_HEADER_MEMBERS = frozenset({"alg", "kid", "typ"})


class JwtVerifier:
    """A `TokenVerifier` for tokens signed by one of the keys."""

    def __init__(self, keys: Sequence[SigningKey], known: Audiences) -> None:
        self._keys: Mapping[str, Key] = {key.kid: key.public for key in keys}
        self._known = known

    def verify(self, token: str, audiences: frozenset[str], now: datetime) -> Claims:
        """The token's claims. Raises `InvalidToken` with a stable reason."""
        header, payload, signature, signed = _segments(token)
        key = self._key(_json_object(header, "bad_header"))
        if not key.verify(signed, signature):
            raise InvalidToken("bad_signature")
        try:
            return read_claims(_json_object(payload, "bad_payload"), self._known, audiences, now)
        except UnacceptableClaims as unacceptable:
            raise InvalidToken(unacceptable.reason, unacceptable.client_id) from None

    def _key(self, header: Mapping[str, object]) -> Key:
        """The key that the header names.

        Our headers have three members; those that could change what a token means (`crit`, `b64`) or bring
        a key along (`jku`, `jwk`, `x5u`) are refused with every other.
        """
        if header.get("alg") != ALGORITHM:
            raise InvalidToken("wrong_algorithm")
        if header.get("typ") != TOKEN_TYPE:
            raise InvalidToken("wrong_type")
        if header.keys() != _HEADER_MEMBERS:
            raise InvalidToken("unexpected_header")
        kid = header["kid"]
        key = self._keys.get(kid) if isinstance(kid, str) else None
        if key is None:
            raise InvalidToken("unknown_key")
        return key


def _segments(token: str) -> tuple[bytes, bytes, bytes, bytes]:
    """Header, payload and signature decoded, and what was signed."""
    if len(token) > LONGEST_TOKEN or not token.isascii():
        raise InvalidToken("malformed")
    parts = token.encode("ascii").split(b".")
    if len(parts) != 3:
        raise InvalidToken("malformed")
    header, payload, signature = parts
    return _decoded(header), _decoded(payload), _decoded(signature), header + b"." + payload


def _decoded(segment: bytes) -> bytes:
    """Canonical base64url without padding (RFC 7515 section 2): each token has exactly one spelling."""
    try:
        content = base64.urlsafe_b64decode(segment + b"=" * (-len(segment) % 4))
    except (binascii.Error, ValueError):
        raise InvalidToken("malformed") from None
    if base64.urlsafe_b64encode(content).rstrip(b"=") != segment:
        raise InvalidToken("malformed")
    return content


def _json_object(content: bytes, reason: str) -> dict[str, object]:
    """A JSON object in UTF-8, no member twice at any depth (RFC 8725 section 2.4), no NaN or Infinity."""
    try:
        value = json.loads(content.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise InvalidToken(reason) from None
    if not isinstance(value, dict):
        raise InvalidToken(reason)
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice")
    return members


def _no_constant(_: str) -> object:
    raise ValueError("not JSON")
