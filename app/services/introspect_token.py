"""Token introspection (RFC 7662) for resource servers."""

from dataclasses import dataclass

from app.core.access.audience import Audiences
from app.core.access.claims import Claims
from app.core.access.client import Client
from app.core.access.refusal import OAuthError, OAuthRefusal
from app.core.access.scope import Scope
from app.core.audit.event import Kind
from app.services.access_ports import InvalidToken, TokenVerifier
from app.services.context import Origin
from app.services.ports import Clock, Units
from app.services.token_log import TokenLog
from app.services.token_state import living_client


@dataclass(frozen=True, slots=True)
class IntrospectToken:
    """Tells a resource server what a living token says. Its state is read anew each time."""

    units: Units
    verifier: TokenVerifier
    clock: Clock
    audiences: Audiences
    log: TokenLog

    async def __call__(self, client: Client, token: str, origin: Origin) -> Claims | None:
        """The claims of a living token, None for any other.

        Raises `OAuthRefusal` (`insufficient_scope`) unless the client may introspect; `StorageUnavailable`.
        """
        if Scope.TOKEN_INTROSPECT not in client.scopes:
            refusal = OAuthRefusal(
                OAuthError.INSUFFICIENT_SCOPE, f"This call needs the scope {Scope.TOKEN_INTROSPECT}."
            )
            await self.log.refused(client, Kind.TOKEN, refusal, origin, detail={"endpoint": "introspect"})
            raise refusal
        try:
            claims = self.verifier.verify(token, self.audiences.every, self.clock.now())
            async with self.units() as unit:
                await living_client(unit, claims)
        except InvalidToken:
            return None
        return claims
