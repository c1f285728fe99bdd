"""Who calls the API: a client, by an access token."""

from dataclasses import dataclass

from app.core.access.scope import Scope
from app.services.access_ports import InvalidToken, TokenVerifier
from app.services.context import Caller, Origin
from app.services.errors import InsufficientScope, NotAuthenticated
from app.services.failure_tally import FailureTally
from app.services.limit_rate import LimitRate
from app.services.ports import Clock, Units
from app.services.record_denial import RecordDenial
from app.services.token_state import living_client
from app.services.verified_tokens import VerifiedToken, VerifiedTokens


@dataclass(frozen=True, slots=True)
class AuthenticateCaller:
    """Takes a bearer token (RFC 6750) whose signature, claims and state are good and that holds a scope."""

    units: Units
    verifier: TokenVerifier
    clock: Clock
    verified: VerifiedTokens
    tally: FailureTally
    deny: RecordDenial
    limits: LimitRate

    async def __call__(
        self, token: str | None, origin: Origin, audiences: frozenset[str], *any_of: Scope
    ) -> Caller:
        """The caller, who has one of these scopes, if any is named.

        Raises `NotAuthenticated`, `TooManyRequests`, `InsufficientScope`, `StorageUnavailable`.
        """
        try:
            known = await self._known(token, audiences)
        except InvalidToken as invalid:
            self.tally.count(invalid.reason, origin, invalid.client_id)
            raise NotAuthenticated from None
        await self.limits.request(known.client, origin)
        caller = Caller(known.client, known.claims, origin)
        if any_of and not any(scope in known.claims.scopes for scope in any_of):
            await self.deny(caller, "insufficient_scope")
            raise InsufficientScope(any_of[0])
        return caller

    async def _known(self, token: str | None, audiences: frozenset[str]) -> VerifiedToken:
        if token is None:
            raise InvalidToken("no_token")
        now = self.clock.now()
        known = self.verified.find(token, now)
        if known is not None and known.claims.audience in audiences:
            return known
        claims = self.verifier.verify(token, audiences, now)
        async with self.units() as unit:
            client = await living_client(unit, claims)
        verified = VerifiedToken(claims, client, now)
        self.verified.remember(token, verified)
        return verified
