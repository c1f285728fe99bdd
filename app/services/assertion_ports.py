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

    def read(self, assertion: str) -> UnprovedAssertion: ...
    def verify(self, unproved: UnprovedAssertion, keys: Sequence[ClientKey], now: datetime) -> Assertion: ...


class ClientKeySource(Protocol):
    """A client's public keys, wherever they are; none where they cannot be had."""

    async def keys(self, keys: ClientKeys, kid: str | None) -> tuple[ClientKey, ...]: ...


class AssertionStore(Protocol):
    """Assertions that were taken, until they expire. `commit` raises `Conflict` where one was before."""

    def use(self, assertion: Assertion) -> None: ...
    def purge(self, now: datetime) -> None: ...
