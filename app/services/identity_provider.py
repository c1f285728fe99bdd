"""An outside identity provider, as the console sees it."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Journey:
    """What binds one trip to the provider and back to one browser (RFC 9700 section 2.1): `state` the answer,
    `nonce` the ID token, `verifier` the code (PKCE)."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser brings back from the provider (RFC 6749 section 4.1.2): `code` is empty where the
    provider refused; `issuer` is who answers, where that is said (RFC 9207)."""

    state: str = field(repr=False)
    code: str = field(repr=False)
    issuer: str | None = None


@dataclass(frozen=True, slots=True)
class ProvedIdentity:
    """Who the provider says it is: a name that it gives to nobody else, and the groups they are in."""

    name: str
    groups: tuple[str, ...]


class IdentityProvider(Protocol):
    """Raises `ProviderUnavailable`; `identify` also `IdentityNotProved`."""

    @property
    def label(self) -> str:
        """What people call it."""
        ...

    @property
    def issuer(self) -> str:
        """What it calls itself."""
        ...

    async def address(self, journey: Journey) -> str:
        """Where the browser is sent. Raises `ProviderUnavailable`."""
        ...

    async def identify(self, code: str, journey: Journey) -> ProvedIdentity:
        """Who the code stands for. Raises `IdentityNotProved`, `ProviderUnavailable`."""
        ...


class ProviderUnavailable(Exception):  # noqa: N818 - a state
    """No usable answer from the provider."""


class IdentityNotProved(Exception):  # noqa: N818 - an outcome
    """An answer that proves nothing; the message is a stable code for the log."""
