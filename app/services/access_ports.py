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

    def digest(self, secret: str) -> tuple[bytes, str]: ...
    def verify(self, secret: str, credential: ClientCredential) -> bool: ...


class ClientStore(Protocol):
    """Registered clients."""

    async def get(self, client_id: str) -> ClientCredential | None: ...
    async def list(self, after: str | None, limit: int) -> list[Client]: ...
    async def domains_of(self, source_systems: Sequence[str]) -> dict[str, frozenset[Domain]]: ...
    def add(self, credential: ClientCredential) -> None: ...
    def replace(self, credential: ClientCredential) -> None: ...


@dataclass(frozen=True, slots=True)
class TokenState:
    """What a token's life hangs on, read at one moment: parties, customer, and revocations in its line."""

    client: Client | None
    actor: Client | None
    customer: Customer | None
    revoked: bool


class RevocationStore(Protocol):
    """Tokens that ended early. A row lives as long as a token that it ends."""

    async def state(self, claims: Claims) -> TokenState: ...
    async def revoked(self, token_id: str) -> bool: ...
    def add(self, token_id: str, until: datetime) -> None: ...
    def purge(self, now: datetime) -> None: ...


class TokenSigner(Protocol):
    """Signs claims as an `at+jwt` (RFC 9068)."""

    def sign(self, claims: Claims) -> str: ...


class TokenVerifier(Protocol):
    """Checks signature, type, issuer, audience and life of a token. Raises `InvalidToken`.

    `audiences` are the acceptable values of `aud`, any one of which must be the token's only one.
    """

    def verify(self, token: str, audiences: frozenset[str], now: datetime) -> Claims: ...


class InvalidToken(Exception):  # noqa: N818
    """A token that must not be taken; `reason` is a stable code for the log, never for the caller.

    `client_id` is whose token it was, where a good signature tells.
    """

    def __init__(self, reason: str, client_id: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.client_id = client_id
