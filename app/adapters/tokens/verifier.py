"""Verifies access tokens.

python-jose's `decode` takes tokens that no resource server may take (any `typ`, an unknown `crit`, another
key's `kid`, loose base64, claims that are missing or of the wrong type). So only its prebuilt key checks the
signature; header, encoding and JSON are checked here, and the claims in the core.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from jose.backends.base import Key

from app.adapters.tokens.compact import json_object, segments
from app.adapters.tokens.signing_keys import ALGORITHM, TOKEN_TYPE, SigningKey
from app.core.access.audience import Audiences
from app.core.access.claims import Claims
from app.core.access.token_claims import UnacceptableClaims, read_claims
from app.services.ports import InvalidToken

_HEADER_MEMBERS = frozenset({"alg", "kid", "typ"})


class JwtVerifier:
    """A `TokenVerifier` for tokens signed by one of the keys."""

    def __init__(self, keys: Sequence[SigningKey], known: Audiences) -> None:
        self._known = known
        self.use(keys)

    def use(self, keys: Sequence[SigningKey]) -> None:
        """From now on takes what these signed, and nothing else."""
        self._keys: Mapping[str, SigningKey] = {key.kid: key for key in keys}

    def verify(self, token: str, audiences: frozenset[str], now: datetime) -> Claims:
        """The token's claims. Raises `InvalidToken` with a stable reason."""
        header, payload, signature, signed = segments(token)
        key = self._key(json_object(header, "bad_header"), now)
        if not key.verify(signed, signature):
            raise InvalidToken("bad_signature")
        try:
            return read_claims(json_object(payload, "bad_payload"), self._known, audiences, now)
        except UnacceptableClaims as unacceptable:
            raise InvalidToken(unacceptable.reason, unacceptable.client_id) from None

    def _key(self, header: Mapping[str, object], now: datetime) -> Key:
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
        if key is None or not key.good(now):
            raise InvalidToken("unknown_key")
        return key.public
