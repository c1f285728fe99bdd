"""Whether a token is good, and whether it still lives."""

from collections.abc import Callable
from datetime import datetime

from app.health_data_center.cdc_client import CdcClient
from app.health_data_center.tokens.claims import Claims, check
from app.health_data_center.tokens.compact import InvalidToken, parse
from app.health_data_center.tokens.key_set import KeySet


class TokenVerifier:
    """Checks tokens of one issuer. `now` gives the time in UTC."""

    def __init__(self, issuer: str, keys: KeySet, cdc: CdcClient, now: Callable[[], datetime]) -> None:
        self._issuer = issuer
        self._keys = keys
        self._cdc = cdc
        self._now = now

    async def verify(self, token: str, audience: str) -> Claims:
        """Signature and claims. Raises `InvalidToken`, and `CdcUnavailable` where the key cannot be had."""
        compact = parse(token)
        key = await self._keys.get(compact.key_id)
        if key is None:
            raise InvalidToken("unknown_key")
        if not key.verify(compact.signed, compact.signature):
            raise InvalidToken("wrong_signature")
        return check(compact.payload, self._issuer, audience, self._now())

    async def verify_alive(self, token: str, audience: str, request_id: str) -> Claims:
        """As `verify`, then asks the CDC whether the token was revoked.

        The answer is not remembered: a token ends everywhere the moment its revocation is acknowledged.
        Raises `InvalidToken` and `CdcUnavailable`.
        """
        claims = await self.verify(token, audience)
        if not await self._cdc.is_active(token, claims.token_id, request_id):
            raise InvalidToken("revoked")
        return claims
