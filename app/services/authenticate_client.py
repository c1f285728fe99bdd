"""Who asks at the OAuth endpoints: a client, by its secret."""

from dataclasses import dataclass, field

from app.core.access.basic_credentials import PresentedSecret, parse_basic
from app.core.access.client import CLIENT_ID, Client, ClientCredential
from app.core.access.refusal import OAuthError, OAuthRefusal
from app.services.context import Origin
from app.services.failure_tally import FailureTally
from app.services.limit_rate import LimitRate
from app.services.ports import SecretHasher, Units


@dataclass(frozen=True, slots=True)
class ClientAuthentication:
    """What came with the request: the Authorization header (client_secret_basic) or form fields (…_post)."""

    authorization: str | None = field(default=None, repr=False)
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class AuthenticateClient:
    """Checks a client's secret. Every failure gives the same answer after the same work."""

    units: Units
    hasher: SecretHasher
    tally: FailureTally
    limits: LimitRate

    async def __call__(self, given: ClientAuthentication, origin: Origin) -> Client:
        """The client.

        Raises `OAuthRefusal` (`invalid_client`, `invalid_request`), `TooManyRequests`, `StorageUnavailable`.
        """
        presented = self._presented(given, origin)
        await self.limits.source(origin, presented.client_id)
        client = await self._authenticated(presented, origin)
        await self.limits.request(client, origin)
        return client

    async def _authenticated(self, presented: PresentedSecret, origin: Origin) -> Client:
        credential = await self._credential(presented.client_id)
        reason = self._failure(presented, credential)
        if credential is None or reason is not None:
            await self.limits.failed(origin, presented.client_id)
            known = credential.client.client_id if credential else None
            raise self._refusal(reason or "unknown_client", origin, known)
        return credential.client

    def _presented(self, given: ClientAuthentication, origin: Origin) -> PresentedSecret:
        if given.authorization is None:
            if given.client_id is None or given.client_secret is None:
                raise self._refusal("no_credentials", origin)
            return PresentedSecret(given.client_id, given.client_secret)
        if given.client_secret is not None:
            raise OAuthRefusal(
                OAuthError.INVALID_REQUEST,
                "Authenticate by the Authorization header or by client_secret, not by both.",
            )
        presented = parse_basic(given.authorization)
        if presented is None:
            raise self._refusal("malformed_credentials", origin)
        if given.client_id not in (None, presented.client_id):
            raise OAuthRefusal(
                OAuthError.INVALID_REQUEST, "client_id differs from the one in the Authorization header."
            )
        return presented

    async def _credential(self, client_id: str) -> ClientCredential | None:
        if not CLIENT_ID.fullmatch(client_id):
            return None
        async with self.units() as unit:
            return await unit.clients.get(client_id)

    def _failure(self, presented: PresentedSecret, credential: ClientCredential | None) -> str | None:
        if credential is None:
            # The same work as for a known client, so that the time of an answer tells nothing.
            self.hasher.digest(presented.secret)
            return "unknown_client"
        if not self.hasher.verify(presented.secret, credential):
            return "bad_secret"
        return None if credential.client.active else "client_suspended"

    def _refusal(self, reason: str, origin: Origin, client_id: str | None = None) -> OAuthRefusal:
        self.tally.count(reason, origin, client_id)
        return OAuthRefusal(OAuthError.INVALID_CLIENT, "Client authentication failed.")
