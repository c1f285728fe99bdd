"""Registered clients."""

import builtins
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Integer, Text, bindparam, select, update

from app.adapters.db.session import Session
from app.adapters.db.statement import Command, Row, Statement, insert_into
from app.adapters.db.tables import clients
from app.core.access.client import Client, ClientCredential
from app.core.access.scope import Domain, Scope

_COLUMNS = [clients.c[name] for name in ("client_id", "scopes", "domain", "source_systems", "rate", "active")]
_COLUMNS += [clients.c[name] for name in ("created_at", "not_before", "secret_digest", "pepper_id")]
_GET = Statement(select(*_COLUMNS).where(clients.c.client_id == bindparam("client_id")))
_LIST = Statement(
    select(*_COLUMNS)
    .where(clients.c.client_id > bindparam("after", type_=Text))
    .order_by(clients.c.client_id)
    .limit(bindparam("limit", type_=Integer))
)
_ADD = insert_into(clients)
_REPLACE = Command(
    Statement(
        update(clients)
        .where(clients.c.client_id == bindparam("the_client"))
        .values({c.name: bindparam(c.name, type_=c.type) for c in clients.columns})
    ),
    exact=True,
)


class SqlClientStore:
    """Implements the port `ClientStore`."""

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, client_id: str) -> ClientCredential | None:
        """A client with the digest of its secret."""
        rows = await self._session.fetch(_GET, {"client_id": client_id})
        return ClientCredential(_client(rows[0]), rows[0][8], rows[0][9]) if rows else None

    async def list(self, after: str | None, limit: int) -> builtins.list[Client]:
        """Clients in the order of their IDs, beginning behind `after`."""
        rows = await self._session.fetch(_LIST, {"after": after or "", "limit": limit})
        return [_client(row) for row in rows]

    def add(self, credential: ClientCredential) -> None:
        """A new client; `commit` raises `Conflict` where its ID is taken."""
        self._session.write(_ADD, [_row(credential)])

    def replace(self, credential: ClientCredential) -> None:
        """New facts of a known client; `commit` raises `Conflict` where there is none."""
        row = _row(credential)
        self._session.write(_REPLACE, [{**row, "the_client": row["client_id"]}])


def _client(row: Row) -> Client:
    client_id, scopes, domain, source_systems, rate, active, created_at, not_before, _, _ = row
    return Client(
        client_id=client_id,
        scopes=frozenset(map(Scope, scopes)),
        domain=Domain(domain) if domain is not None else None,
        source_systems=frozenset(source_systems) if source_systems is not None else None,
        rate=rate,
        active=active,
        created_at=created_at,
        not_before=not_before,
    )


def _row(credential: ClientCredential) -> Mapping[str, Any]:
    client = credential.client
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
        "secret_digest": credential.secret_digest,
        "pepper_id": credential.pepper_id,
    }
