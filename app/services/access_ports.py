"""What authorisation needs from the outside: clients, their secrets, tokens and their ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.core.access.claims import Claims
from app.core.access.client import Client, ClientCredential
from app.core.access.scope import Domain
from app.core.index.customer import (
    Customer,
)


class SecretHasher(Protocol):
    """Client secrets at rest: HMAC-SHA-256 under a pepper."""

    def digest(self, secret: str) -> tuple[bytes, str]:
        """The digest to store, and the ID of its pepper."""
        ...

    def verify(self, secret: str, credential: ClientCredential) -> bool:
        """Whether this is the client's secret; takes the same time whatever the answer."""
        ...


class ClientStore(Protocol):
    """Registered clients."""

    async def get(self, client_id: str) -> ClientCredential | None:
        """A client with the digest of its secret, or its keys."""
        ...

    async def list(self, after: str | None, limit: int) -> list[Client]:
        """Clients in the order of their IDs, beginning behind `after`."""
        ...

    async def domains_of(self, source_systems: Sequence[str]) -> dict[str, frozenset[Domain]]:
        """The domains of the clients, active or not, that may write for each of these source systems."""
        ...

    def add(self, credential: ClientCredential) -> None:
        """A new client; `commit` raises `Conflict` where its ID is taken."""
        ...

    def replace(self, credential: ClientCredential) -> None:
        """New facts of a known client; `commit` raises `Conflict` where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class TokenState:
    """What a token's life hangs on, read at one moment: parties, customer, and revocations in its line."""

    client: Client | None
    actor: Client | None
    customer: Customer | None
    revoked: bool


class RevocationStore(Protocol):
    """Tokens that ended early. A row lives as long as a token that it ends."""

    async def state(self, claims: Claims) -> TokenState:
        """The parties of a token, and whether it, or one it was obtained with, is revoked."""
        ...

    async def revoked(self, token_id: str) -> bool:
        """Whether this token was ended before its time."""
        ...

    def add(self, token_id: str, until: datetime) -> None:
        """Ends a token, to be remembered until then; once more does nothing."""
        ...

    def purge(self, now: datetime) -> None:
        """Forgets tokens that have expired by themselves."""
        ...


class TokenSigner(Protocol):
    """Signs claims as an `at+jwt` (RFC 9068)."""

    def sign(self, claims: Claims) -> str:
        """The token in compact form. Times are cut to whole seconds."""
        ...


class TokenVerifier(Protocol):
    """Checks signature, type, issuer, audience and life of a token. Raises `InvalidToken`.

    `audiences` are the acceptable values of `aud`, any one of which must be the token's only one.
    """

    def verify(self, token: str, audiences: frozenset[str], now: datetime) -> Claims:
        """The token's claims. Raises `InvalidToken` with a stable reason."""
        ...


class InvalidToken(Exception):  # noqa: N818
    """A token that must not be taken; `reason` is a stable code for the log, never for the caller.

    `client_id` is whose token it was, where a good signature tells.
    """

    def __init__(self, reason: str, client_id: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.client_id = client_id
