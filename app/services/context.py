"""Who calls, and from where."""

from dataclasses import dataclass

from app.core.access.claims import Claims
from app.core.access.client import CONSOLE, Client


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from: network address, X-Request-ID, W3C trace id."""

    address: str | None = None
    request_id: str | None = None
    trace_id: str | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated request: the client it is made for, the verified token, and its origin."""

    client: Client
    claims: Claims
    origin: Origin

    @property
    def name(self) -> str:
        """Who this is to a colleague: the account of somebody at the console, else the client."""
        actor = self.claims.actor
        return actor if self.client.client_id == CONSOLE and actor is not None else self.client.client_id

    @property
    def principal(self) -> str:
        """By whom duties are kept apart: `console:` and the account of somebody at the console, which is no
        client ID, or else the client."""
        return f"{CONSOLE}:{self.name}" if self.client.client_id == CONSOLE else self.client.client_id
