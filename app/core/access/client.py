"""A registered partner system, the HDC, or an administrator's tool."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from app.core.access.client_keys import ClientKeys
from app.core.access.scope import Domain, Scope

CLIENT_ID = re.compile(r"[a-z0-9_-]{1,64}")
"""What a client ID looks like."""

CONSOLE = "console"
"""The client that people at the console act as; no partner can be registered under this name."""

SOURCE_SYSTEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""What a source system's name looks like."""


@dataclass(frozen=True, slots=True)
class Client:
    """A client. `source_systems` None means all; `rate` is requests a second, None is unlimited.

    `has_keys`: it proves itself by its keys (`private_key_jwt`), not by a secret. A token with `iat` at or
    before `not_before` is dead (the client's watermark).
    """

    client_id: str
    scopes: frozenset[Scope]
    domain: Domain | None
    source_systems: frozenset[str] | None
    rate: int | None
    active: bool
    created_at: datetime
    not_before: datetime | None = None
    has_keys: bool = False

    def knows(self, source_system: str) -> bool:
        """Whether the client may register for and read of that source system."""
        return self.source_systems is None or source_system in self.source_systems

    def outlives(self, issued_at: datetime) -> bool:
        """Whether the client is active and a token issued at that time lies after its watermark."""
        return self.active and (self.not_before is None or issued_at > self.not_before)


@dataclass(frozen=True, slots=True)
class ClientCredential:
    """A client and what proves it: the HMAC-SHA-256 of its secret under the pepper `pepper_id`, or keys.
    `since`: when that was made or last replaced, None where that was before it was recorded."""

    client: Client
    secret_digest: bytes | None = field(repr=False)
    pepper_id: str | None
    keys: ClientKeys | None = None
    since: datetime | None = None
