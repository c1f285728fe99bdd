"""Verifies access tokens.

python-jose's `decode` takes tokens that no resource server may take (any `typ`, an unknown `crit`, another
key's `kid`, loose base64, claims that are missing or of the wrong type). So only its prebuilt key checks the
signature; header, encoding and JSON are checked here, and the claims in the core.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from app.adapters.tokens.compact import json_object, segments
from app.adapters.tokens.signing_keys import ALGORITHM, TOKEN_TYPE, SigningKey
from app.core.access.audience import Audiences
from app.core.access.claims import Claims
from app.core.access.token_claims import UnacceptableClaims, read_claims
from app.services.access_ports import InvalidToken

MOST_REMEMBERED = 4096
_HEADER_MEMBERS = frozenset({"alg", "kid", "typ"})


@dataclass(frozen=True, slots=True)
class _Verified:
    """A token that was good at `verified_at`, by a key."""

    claims: Claims
    key: SigningKey
    verified_at: datetime

    def still_good(self, audiences: frozenset[str], now: datetime) -> bool:
        """Whether all would be found good again: what had begun then has begun now, so only ends count."""
        alive = self.verified_at <= now < self.claims.expires_at
        return alive and self.claims.audience in audiences and self.key.good(now)


class JwtVerifier:
    """A `TokenVerifier` for tokens signed by one of the keys.

    A token cannot change: signature and claims that were good are not computed again while the key is in
    use. Whether it is revoked is not the verifier's to know, and never remembered here. Bounded: what was not
    asked for the longest goes first. Only a digest of each token is kept.
    """

    def __init__(self, keys: Sequence[SigningKey], known: Audiences) -> None:
        self._known = known
        self._verified: OrderedDict[bytes, _Verified] = OrderedDict()
        self.use(keys)

    def use(self, keys: Sequence[SigningKey]) -> None:
        """From now on takes what these signed, and nothing else."""
        self._keys: Mapping[str, SigningKey] = {key.kid: key for key in keys}
        self._verified.clear()

    def verify(self, token: str, audiences: frozenset[str], now: datetime) -> Claims:
        """The token's claims. Raises `InvalidToken` with a stable reason."""
        digest = sha256(token.encode("utf-8", "surrogatepass")).digest()
        verified = self._verified.get(digest)
        if verified is None or not verified.still_good(audiences, now):
            verified = self._verified[digest] = self._verify(token, audiences, now)
        self._verified.move_to_end(digest)
        if len(self._verified) > MOST_REMEMBERED:
            self._verified.popitem(last=False)
        return verified.claims

    def _verify(self, token: str, audiences: frozenset[str], now: datetime) -> _Verified:
        header, payload, signature, signed = segments(token)
        key = self._key(json_object(header, "bad_header"), now)
        if not key.public.verify(signed, signature):
            raise InvalidToken("bad_signature")
        try:
            claims = read_claims(json_object(payload, "bad_payload"), self._known, audiences, now)
        except UnacceptableClaims as unacceptable:
            raise InvalidToken(unacceptable.reason, unacceptable.client_id) from None
        return _Verified(claims, key, now)

    def _key(self, header: Mapping[str, object], now: datetime) -> SigningKey:
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
        return key
