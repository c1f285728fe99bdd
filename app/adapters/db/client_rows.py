"""A client between its row and the core's shape."""

from collections.abc import Mapping
from typing import Any

from app.adapters.db.statement import Row
from app.core.access.client import Client
from app.core.access.scope import Domain, Scope

_NAMES = ("client_id", "scopes", "domain", "source_systems", "rate", "active", "created_at", "not_before")
WIDTH = len(_NAMES) + 1


def client_columns(clients: Any) -> list[Any]:
    """The columns that `client_of` reads, of the table or an alias of it."""
    return [*(clients.c[name] for name in _NAMES), clients.c.secret_digest.is_(None)]


def client_of(row: Row) -> Client:
    """The client of the first columns of a row."""
    client_id, scopes, domain, source_systems, rate, active, created_at, not_before, has_keys = row[:WIDTH]
    return Client(
        client_id=client_id,
        scopes=frozenset(map(Scope, scopes)),
        domain=Domain(domain) if domain is not None else None,
        source_systems=frozenset(source_systems) if source_systems is not None else None,
        rate=rate,
        active=bool(active),
        created_at=created_at,
        not_before=not_before,
        has_keys=bool(has_keys),
    )


def client_row(client: Client) -> Mapping[str, Any]:
    """Its columns by name."""
    systems = client.source_systems
    return {
        "client_id": client.client_id,
        "scopes": sorted(client.scopes),
        "domain": client.domain,
        "source_systems": sorted(systems) if systems is not None else None,
        "rate": client.rate,
        "active": client.active,
        "created_at": client.created_at,
        "not_before": client.not_before,
    }
