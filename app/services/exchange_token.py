"""Token exchange (RFC 8693): the Health Data Center acts for the partner who called it, for nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.core.access.audience import Audiences
from app.core.access.claims import Claims
from app.core.access.client import Client
from app.core.access.lifetimes import CLIENT_TOKEN
from app.core.access.refusal import OAuthError, OAuthRefusal
from app.core.access.scope import ON_BEHALF_SCOPES, Scope
from app.core.audit.event import Kind
from app.services.access_ports import InvalidToken, TokenSigner, TokenVerifier
from app.services.context import Origin
from app.services.issue_token import narrowed, one_audience
from app.services.issued_token import IssuedToken, issue_instant
from app.services.ports import Clock, Ids, Units
from app.services.token_log import TokenLog
from app.services.token_state import living_client

ACCESS_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - a type


@dataclass(frozen=True, slots=True)
class TokenExchange:
    """The parameters of RFC 8693 section 2.1, as they came."""

    subject_token: str | None = field(default=None, repr=False)
    subject_token_type: str | None = None
    requested_token_type: str | None = None
    actor_token: str | None = field(default=None, repr=False)
    scope: str | None = None
    resources: Sequence[str] = ()
    audiences: Sequence[str] = ()


class _Unacceptable(Exception):  # noqa: N818
    """A refusal, and the reason that goes to the log only."""

    def __init__(self, refusal: OAuthRefusal, reason: str) -> None:
        super().__init__(reason)
        self.refusal = refusal
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ExchangeToken:
    """Turns a partner's token that was fetched for the Health Data Center into one for our API.

    The subject stays the partner, with what of their scopes makes sense here; the actor is the authenticated
    client, which must be registered for the scope `token:exchange`: only the HDC's client should be.
    """

    units: Units
    signer: TokenSigner
    verifier: TokenVerifier
    clock: Clock
    ids: Ids
    audiences: Audiences
    log: TokenLog

    async def __call__(self, actor: Client, asked: TokenExchange, origin: Origin) -> IssuedToken:
        """The exchanged token. Raises `OAuthRefusal`, `StorageUnavailable`."""
        try:
            return await self._exchange(actor, asked, origin)
        except _Unacceptable as unacceptable:
            refusal = unacceptable.refusal
            await self.log.refused(actor, Kind.TOKEN_EXCHANGE, refusal, origin, unacceptable.reason)
            raise refusal from None
        except OAuthRefusal as refusal:
            await self.log.refused(actor, Kind.TOKEN_EXCHANGE, refusal, origin)
            raise

    async def _exchange(self, actor: Client, asked: TokenExchange, origin: Origin) -> IssuedToken:
        self._check_actor(actor)
        subject_token = _subject_token(asked)
        self._check_target(asked)
        subject = self._subject(subject_token, actor)
        async with self.units() as unit:
            try:
                client = await living_client(unit, subject)
            except InvalidToken as invalid:
                raise _unacceptable_subject(invalid.reason) from None
            claims = self._claims(subject, client, actor, asked.scope)
            token = self.signer.sign(claims)
            unit.events.append(self.log.issued(actor, Kind.TOKEN_EXCHANGE, claims, origin))
            await unit.commit()
        return IssuedToken(token, claims)

    def _check_actor(self, actor: Client) -> None:
        if Scope.TOKEN_EXCHANGE not in actor.scopes:
            raise OAuthRefusal(
                OAuthError.UNAUTHORIZED_CLIENT, "This client is not registered for token exchange."
            )

    def _check_target(self, asked: TokenExchange) -> None:
        if one_audience(self.audiences, (*asked.resources, *asked.audiences)) != self.audiences.issuer:
            raise OAuthRefusal(OAuthError.INVALID_TARGET, "A token can be exchanged for this server only.")

    def _subject(self, token: str, actor: Client) -> Claims:
        meant_for = frozenset({self.audiences.health_data_center})
        try:
            subject = self.verifier.verify(token, meant_for, self.clock.now())
        except InvalidToken as invalid:
            raise _unacceptable_subject(invalid.reason) from None
        if subject.actor is not None or subject.grant is not None:
            raise _unacceptable_subject("exchanged_already")
        if subject.client_id == actor.client_id:
            raise _unacceptable_subject("subject_is_actor")
        return subject

    def _claims(self, subject: Claims, client: Client, actor: Client, scope: str | None) -> Claims:
        issued_at = issue_instant(self.clock.now(), client.not_before, actor.not_before)
        return Claims(
            token_id=str(self.ids.uuid()),
            client_id=subject.client_id,
            audience=self.audiences.issuer,
            scopes=narrowed(scope, subject.scopes & ON_BEHALF_SCOPES),
            issued_at=issued_at,
            expires_at=min(subject.expires_at, issued_at + CLIENT_TOKEN),
            actor=actor.client_id,
            derived_from=subject.lineage,
        )


def _subject_token(asked: TokenExchange) -> str:
    if asked.subject_token is None or asked.subject_token_type is None:
        raise _invalid_request("subject_token and subject_token_type are required.")
    if asked.subject_token_type != ACCESS_TOKEN_TYPE:
        raise _invalid_request("subject_token_type must be an access token's.")
    if asked.requested_token_type not in (None, ACCESS_TOKEN_TYPE):
        raise _invalid_request("requested_token_type must be an access token's.")
    if asked.actor_token is not None:
        raise _invalid_request("actor_token is not taken: the actor is the authenticated client.")
    return asked.subject_token


def _unacceptable_subject(reason: str) -> _Unacceptable:
    return _Unacceptable(_invalid_request("subject_token is not acceptable."), reason)


def _invalid_request(description: str) -> OAuthRefusal:
    return OAuthRefusal(OAuthError.INVALID_REQUEST, description)
