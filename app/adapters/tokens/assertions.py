"""Verifies the assertions by which clients prove themselves (RFC 7523 section 3)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from jose import jwk
from jose.backends.base import Key
from jose.exceptions import JOSEError

from app.adapters.tokens.compact import json_object, segments
from app.adapters.tokens.signing_keys import ALGORITHM
from app.core.access.assertion import Assertion, UnacceptableAssertion, asserted_client, read_assertion
from app.core.access.client_keys import ClientKey
from app.services.access_ports import InvalidToken
from app.services.assertion_ports import UnprovedAssertion

_HEADER_MEMBERS = frozenset({"alg", "kid", "typ"})
_TYPES = (None, "JWT", "client-authentication+jwt")
"""RFC 7523 names no type; another one says that the JWT is something else (RFC 8725 section 3.11)."""

_DECOY = ClientKey(
    None, "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"
)
"""The example key of RFC 7517: where there is none to verify with, the same work is done."""


class JwtAssertions:
    """Implements the port `AssertionVerifier`: assertions for one of `audiences`, signed with ES256."""

    def __init__(self, audiences: frozenset[str]) -> None:
        self._audiences = audiences

    def read(self, assertion: str) -> UnprovedAssertion:
        """Whom it speaks of and which key it names. Raises `InvalidToken`."""
        compact = segments(assertion)
        kid = _kid(json_object(compact.header, "bad_header"))
        try:
            client_id = asserted_client(json_object(compact.payload, "bad_payload"))
        except UnacceptableAssertion as unacceptable:
            raise InvalidToken(unacceptable.reason) from None
        return UnprovedAssertion(assertion, client_id, kid)

    def verify(self, unproved: UnprovedAssertion, keys: Sequence[ClientKey], now: datetime) -> Assertion:
        """The assertion, proved by one of the client's keys. Raises `InvalidToken`."""
        compact = segments(unproved.assertion)
        candidates = [k for k in keys if unproved.kid is None or k.kid in (None, unproved.kid)]
        good = [_public(key).verify(compact.signed, compact.signature) for key in candidates or [_DECOY]]
        if not candidates:
            raise InvalidToken("unknown_key")
        if not any(good):
            raise InvalidToken("bad_signature")
        try:
            return read_assertion(json_object(compact.payload, "bad_payload"), self._audiences, now)
        except UnacceptableAssertion as unacceptable:
            raise InvalidToken(unacceptable.reason) from None


def _kid(header: Mapping[str, object]) -> str | None:
    """Members that could change what the signature means, or bring a key along, are refused (RFC 8725)."""
    if header.get("alg") != ALGORITHM:
        raise InvalidToken("wrong_algorithm")
    if header.get("typ") not in _TYPES:
        raise InvalidToken("wrong_type")
    kid = header.get("kid")
    if not header.keys() <= _HEADER_MEMBERS or not (kid is None or isinstance(kid, str)):
        raise InvalidToken("unexpected_header")
    return kid


def _public(key: ClientKey) -> Key:
    try:
        return jwk.construct(key.jwk, ALGORITHM)
    except (JOSEError, ValueError, TypeError):
        raise InvalidToken("unknown_key") from None  # a point that is not on the curve
