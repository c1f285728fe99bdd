"""Who comes in: a token good for this center, alive, and holding what the call takes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from app.health_data_center.access_log import AccessEvent, Kind, Result, append
from app.health_data_center.cdc_client import CdcUnavailable
from app.health_data_center.database import Database
from app.health_data_center.failure_tally import FailureTally
from app.health_data_center.origin import Origin
from app.health_data_center.problems import insufficient_scope, not_authenticated
from app.health_data_center.tokens.claims import Claims
from app.health_data_center.tokens.compact import InvalidToken
from app.health_data_center.tokens.verifier import TokenVerifier


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated request; `token` is kept for the exchange alone."""

    claims: Claims
    token: str
    origin: Origin

    def event(self, kind: Kind, outcome: Result, at: datetime) -> AccessEvent:
        """A line about this caller, to be filled in."""
        return AccessEvent(
            at=at,
            kind=kind,
            outcome=outcome,
            client_id=self.claims.client_id,
            actor=self.claims.actor,
            token_id=self.claims.token_id,
            source=self.origin.address,
            request_id=self.origin.request_id,
        )


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets callers in. `own_audience` is of partners' tokens, `records_audience` of customer-bound ones."""

    verifier: TokenVerifier
    failures: FailureTally
    database: Database
    own_audience: str
    records_audience: str
    now: Callable[[], datetime]

    async def partner(self, token: str | None, origin: Origin, kind: Kind, scope: str) -> Caller:
        """A partner, by a token fetched for this center. Raises `Problem` and `CdcUnavailable`."""
        caller = await self._admit(token, self.own_audience, origin, bound=False)
        if scope not in caller.claims.scopes:
            await self.refuse(caller, kind, ("insufficient_scope",))
            raise insufficient_scope(scope)
        return caller

    async def bearer(self, token: str | None, origin: Origin) -> Caller:
        """The bearer of a customer-bound token. Raises `Problem` and `CdcUnavailable`."""
        return await self._admit(token, self.records_audience, origin, bound=True)

    async def refuse(self, caller: Caller, kind: Kind, reasons: tuple[str, ...]) -> None:
        """Logs a refusal. Raises `StorageUnavailable`: what cannot be logged is not even refused."""
        await self.log(replace(caller.event(kind, Result.DENY, self.now()), reasons=reasons))

    async def log(self, event: AccessEvent) -> None:
        """One line in a transaction of its own. Raises `StorageUnavailable`."""
        async with self.database.transaction() as connection:
            await append(connection, [event])

    async def _admit(self, token: str | None, audience: str, origin: Origin, *, bound: bool) -> Caller:
        if token is None:
            await self.failures.note("no_token", origin)
            raise not_authenticated(audience, token_given=False)
        try:
            claims = await self.verifier.verify_alive(token, audience, origin.request_id)
            if (claims.grant is not None) != bound or (not bound and claims.actor is not None):
                raise InvalidToken("wrong_grant")
        except InvalidToken as error:
            await self.failures.note(error.reason, origin)
            raise not_authenticated(audience, token_given=True) from None
        except CdcUnavailable:
            await self.failures.note("cdc_unavailable", origin)
            raise
        return Caller(claims, token, origin)
