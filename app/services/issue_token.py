"""The client credentials grant (RFC 6749 section 4.4) with resource indicators (RFC 8707)."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.access.audience import Audiences
from app.core.access.claims import Claims
from app.core.access.client import Client
from app.core.access.lifetimes import CLIENT_TOKEN
from app.core.access.refusal import OAuthError, OAuthRefusal
from app.core.access.scope import Scope, UnknownScope, parse_scopes
from app.core.audit.event import Kind
from app.services.access_ports import TokenSigner
from app.services.context import Origin
from app.services.issued_token import IssuedToken, issue_instant
from app.services.ports import Clock, Ids, Units
from app.services.token_log import TokenLog


@dataclass(frozen=True, slots=True)
class IssueToken:
    """Issues an access token to an authenticated client. No token leaves before its event is committed."""

    units: Units
    signer: TokenSigner
    clock: Clock
    ids: Ids
    audiences: Audiences
    log: TokenLog

    async def __call__(
        self, client: Client, scope: str | None, resources: Sequence[str], origin: Origin
    ) -> IssuedToken:
        """A token for the scopes asked for, or all that are registered.

        Raises `OAuthRefusal` (`invalid_scope`, `invalid_target`), `StorageUnavailable`.
        """
        try:
            claims = self._claims(client, scope, resources)
        except OAuthRefusal as refusal:
            await self.log.refused(client, Kind.TOKEN, refusal, origin)
            raise
        token = self.signer.sign(claims)
        async with self.units() as unit:
            unit.events.append(self.log.issued(client, Kind.TOKEN, claims, origin))
            await unit.commit()
        return IssuedToken(token, claims)

    def _claims(self, client: Client, scope: str | None, resources: Sequence[str]) -> Claims:
        issued_at = issue_instant(self.clock.now(), client.not_before)
        return Claims(
            token_id=str(self.ids.uuid()),
            client_id=client.client_id,
            audience=one_audience(self.audiences, resources),
            scopes=narrowed(scope, client.scopes),
            issued_at=issued_at,
            expires_at=issued_at + CLIENT_TOKEN,
        )


def narrowed(asked: str | None, available: frozenset[Scope]) -> frozenset[Scope]:
    """The scopes asked for, or all available ones. Raises `OAuthRefusal` (`invalid_scope`)."""
    try:
        scopes = available if asked is None else parse_scopes(asked)
    except UnknownScope:
        raise OAuthRefusal(OAuthError.INVALID_SCOPE, "scope names a scope that does not exist.") from None
    if not scopes or not scopes <= available:
        raise OAuthRefusal(OAuthError.INVALID_SCOPE, "scope goes beyond what may be granted here.")
    return scopes


def one_audience(audiences: Audiences, resources: Sequence[str]) -> str:
    """The one audience that all `resource` parameters ask for. Raises `OAuthRefusal` (`invalid_target`)."""
    wanted = {audiences.for_resource(resource) for resource in resources or (None,)}
    if len(wanted) == 1 and (audience := wanted.pop()) is not None:
        return audience
    raise OAuthRefusal(OAuthError.INVALID_TARGET, "resource must be this server or the Health Data Center.")
