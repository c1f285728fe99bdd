"""Who calls, and from where."""

from dataclasses import dataclass

from app.core.access.claims import Claims
from app.core.access.client import Client


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
