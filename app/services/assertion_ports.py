"""What the authentication of clients by keys needs from the outside."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from app.core.access.assertion import Assertion
from app.core.access.client_keys import ClientKey, ClientKeys


@dataclass(frozen=True, slots=True)
class UnprovedAssertion:
    """A client's assertion with whom it speaks of and the key it names, none of which is proved."""

    assertion: str = field(repr=False)
    client_id: str
    kid: str | None


class AssertionVerifier(Protocol):
    """Checks client assertions (RFC 7523). Raises `InvalidToken`; without keys after the same work."""

    def read(self, assertion: str) -> UnprovedAssertion:
        """Whom it speaks of and which key it names. Raises `InvalidToken`."""
        ...

    def verify(self, unproved: UnprovedAssertion, keys: Sequence[ClientKey], now: datetime) -> Assertion:
        """The assertion, proved by one of the client's keys. Raises `InvalidToken`."""
        ...


class ClientKeySource(Protocol):
    """A client's public keys, wherever they are; none where they cannot be had."""

    async def keys(self, keys: ClientKeys, kid: str | None) -> tuple[ClientKey, ...]:
        """The client's keys as they are known now; `kid` is the one that is looked for."""
        ...


class AssertionStore(Protocol):
    """Assertions that were taken, until they expire. `commit` raises `Conflict` where one was before."""

    def use(self, assertion: Assertion) -> None:
        """Takes an assertion; `commit` raises `Conflict` where it was taken before."""
        ...

    def purge(self, now: datetime) -> None:
        """Forgets those that have expired."""
        ...
