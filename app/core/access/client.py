"""A registered partner system, the HDC, or an administrator's tool."""

from dataclasses import dataclass
from datetime import datetime

from app.core.access.scope import Domain, Scope


@dataclass(frozen=True, slots=True)
class Client:
    """A client. `source_systems` None means all; `rate` is requests a second, None is unlimited.

    A token with `iat` at or before `not_before` is dead (the client's watermark).
    """

    client_id: str
    scopes: frozenset[Scope]
    domain: Domain | None
    source_systems: frozenset[str] | None
    rate: int | None
    active: bool
    created_at: datetime
    not_before: datetime | None = None

    def knows(self, source_system: str) -> bool:
        """Whether the client may register for and read of that source system."""
        return self.source_systems is None or source_system in self.source_systems


@dataclass(frozen=True, slots=True)
class ClientCredential:
    """A client and the HMAC-SHA-256 of its secret under the pepper `pepper_id`."""

    client: Client
    secret_digest: bytes
    pepper_id: str
