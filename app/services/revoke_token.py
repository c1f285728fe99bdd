"""Token revocation (RFC 7009)."""

from dataclasses import dataclass, replace

from app.core.access.audience import Audiences
from app.core.access.claims import Claims
from app.core.access.client import Client
from app.core.access.lifetimes import CUSTOMER_TOKEN
from app.core.access.refusal import OAuthError, OAuthRefusal
from app.core.audit.event import Kind
from app.services.access_ports import InvalidToken, TokenVerifier
from app.services.context import Origin
from app.services.ports import Clock, Units
from app.services.token_log import TokenLog
from app.services.verified_tokens import VerifiedTokens


@dataclass(frozen=True, slots=True)
class RevokeToken:
    """Ends a token early, and every token that was obtained with it.

    Rows that end nothing any more go in the same commit.
    """

    units: Units
    verifier: TokenVerifier
    clock: Clock
    audiences: Audiences
    verified: VerifiedTokens
    log: TokenLog

    async def __call__(self, client: Client, token: str, origin: Origin) -> None:
        """Ends the token of this client. One that is unknown, expired or revoked already needs nothing.

        Raises `OAuthRefusal` (`unauthorized_client`) for another client's token, `StorageUnavailable`.
        """
        try:
            claims = self.verifier.verify(token, self.audiences.every, self.clock.now())
        except InvalidToken:
            return
        if client.client_id not in (claims.client_id, claims.actor):
            refusal = OAuthRefusal(OAuthError.UNAUTHORIZED_CLIENT, "The token was not issued to this client.")
            await self.log.refused(client, Kind.REVOCATION, refusal, origin)
            raise refusal
        await self._revoke(client, claims, origin)
        self.verified.forget_token(claims.token_id)

    async def _revoke(self, client: Client, claims: Claims, origin: Origin) -> None:
        event = replace(
            self.log.event(client, Kind.REVOCATION, "revoked", origin),
            client_id=claims.client_id,
            actor=client.client_id if client.client_id != claims.client_id else None,
            customer_id=claims.grant.customer_id if claims.grant else None,
            token_id=claims.token_id,
        )
        async with self.units() as unit:
            if await unit.revocations.revoked(claims.token_id):
                return
            unit.revocations.purge(self.clock.now())
            # What was obtained with it may outlive it, and must stay dead as long.
            unit.revocations.add(claims.token_id, claims.expires_at + CUSTOMER_TOKEN)
            unit.events.append(event)
            await unit.commit()
