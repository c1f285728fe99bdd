"""Who asks at the OAuth endpoints: a client, by its secret or by an assertion under its key."""

from dataclasses import dataclass, field

from app.core.access.basic_credentials import PresentedSecret, parse_basic
from app.core.access.client import CLIENT_ID, Client, ClientCredential
from app.core.access.client_keys import ClientKeys
from app.core.access.refusal import OAuthError, OAuthRefusal
from app.services.access_ports import InvalidToken, SecretHasher
from app.services.assertion_ports import AssertionVerifier, ClientKeySource, UnprovedAssertion
from app.services.context import Origin
from app.services.failure_tally import FailureTally
from app.services.limit_rate import LimitRate
from app.services.ports import Clock, Conflict, Units
from app.services.verified_tokens import VerifiedSecrets

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_NO_KEYS = ClientKeys()


@dataclass(frozen=True, slots=True)
class ClientAuthentication:
    """What came with the request: the Authorization header (client_secret_basic) or form fields
    (client_secret_post, private_key_jwt)."""

    authorization: str | None = field(default=None, repr=False)
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    assertion: str | None = field(default=None, repr=False)
    assertion_type: str | None = None


@dataclass(frozen=True, slots=True)
class AuthenticateClient:
    """Checks a client's secret or assertion. Every failure gives the same answer after the same work.

    A good secret is remembered for five seconds: so late may another process notice that it was changed.
    """

    units: Units
    hasher: SecretHasher
    assertions: AssertionVerifier
    key_source: ClientKeySource
    clock: Clock
    tally: FailureTally
    limits: LimitRate
    secrets: VerifiedSecrets

    async def __call__(self, given: ClientAuthentication, origin: Origin) -> Client:
        """The client.

        Raises `OAuthRefusal` (`invalid_client`, `invalid_request`), `TooManyRequests`, `StorageUnavailable`.
        """
        _one_method(given)
        if given.assertion is not None:
            client = await self._by_assertion(given.assertion, given, origin)
        else:
            client = await self._by_secret(given, origin)
        await self.limits.request(client, origin)
        return client

    async def _by_secret(self, given: ClientAuthentication, origin: Origin) -> Client:
        presented = self._presented(given, origin)
        now = self.clock.now()
        remembered = self.secrets.find(presented.client_id, presented.secret, now)
        if remembered is not None:
            return remembered
        await self.limits.source(origin, presented.client_id)
        credential = await self._credential(presented.client_id)
        reason = self._failure(presented, credential)
        if credential is None or reason is not None:
            await self.limits.failed(origin, presented.client_id)
            known = credential.client.client_id if credential else None
            raise self._refusal(reason or "unknown_client", origin, known)
        self.secrets.remember(credential.client, presented.secret, now)
        return credential.client

    async def _by_assertion(self, assertion: str, given: ClientAuthentication, origin: Origin) -> Client:
        """RFC 7523 section 3, RFC 7521 section 4.2."""
        try:
            unproved = self.assertions.read(assertion)
        except InvalidToken as invalid:
            raise self._refusal(invalid.reason, origin) from None
        await self.limits.source(origin, unproved.client_id)
        credential = await self._credential(unproved.client_id)
        known = credential.client.client_id if credential else None
        if given.client_id not in (None, unproved.client_id):
            raise self._refusal("client_id_differs", origin)
        try:
            await self._take(unproved, credential)
        except InvalidToken as invalid:
            await self.limits.failed(origin, unproved.client_id)
            raise self._refusal(invalid.reason, origin, known) from None
        assert credential is not None
        return credential.client

    async def _take(self, unproved: UnprovedAssertion, credential: ClientCredential | None) -> None:
        """Proves the assertion, and takes it for this once. Raises `InvalidToken`."""
        registered = credential.keys if credential is not None else None
        active = credential is not None and credential.client.active
        keys = await self.key_source.keys(registered or _NO_KEYS, unproved.kid) if active else ()
        assertion = self.assertions.verify(unproved, keys, self.clock.now())
        try:
            async with self.units() as unit:
                unit.assertions.purge(self.clock.now())
                unit.assertions.use(assertion)
                await unit.commit()
        except Conflict:
            raise InvalidToken("assertion_replayed") from None

    def _presented(self, given: ClientAuthentication, origin: Origin) -> PresentedSecret:
        if given.authorization is None:
            if given.client_id is None or given.client_secret is None:
                raise self._refusal("no_credentials", origin)
            return PresentedSecret(given.client_id, given.client_secret)
        presented = parse_basic(given.authorization)
        if presented is None:
            raise self._refusal("malformed_credentials", origin)
        if given.client_id not in (None, presented.client_id):
            raise _invalid("client_id differs from the one in the Authorization header.")
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
            return "wrong_method" if credential.client.has_keys else "bad_secret"
        return None if credential.client.active else "client_suspended"

    def _refusal(self, reason: str, origin: Origin, client_id: str | None = None) -> OAuthRefusal:
        self.tally.count(reason, origin, client_id)
        return OAuthRefusal(OAuthError.INVALID_CLIENT, "Client authentication failed.")


def _one_method(given: ClientAuthentication) -> None:
    """RFC 6749 section 2.3: one method in each request. Raises `OAuthRefusal` (`invalid_request`)."""
    if sum(x is not None for x in (given.authorization, given.client_secret, given.assertion)) > 1:
        raise _invalid(
            "Authenticate by one of the Authorization header, client_secret and client_assertion alone."
        )
    if (given.assertion is None) is not (given.assertion_type is None):
        raise _invalid("client_assertion and client_assertion_type go together.")
    if given.assertion_type not in (None, ASSERTION_TYPE):
        raise _invalid(f"client_assertion_type must be {ASSERTION_TYPE}.")


def _invalid(description: str) -> OAuthRefusal:
    return OAuthRefusal(OAuthError.INVALID_REQUEST, description)
