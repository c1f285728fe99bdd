"""Registered clients."""

import builtins
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Integer, Text, bindparam, select, update

from app.adapters.db.client_rows import WIDTH, client_columns, client_of, client_row
from app.adapters.db.session import Session
from app.adapters.db.statement import Command, Row, Statement, insert_into
from app.adapters.db.tables import clients
from app.core.access.client import Client, ClientCredential
from app.core.access.client_keys import ClientKeys, published_keys
from app.core.access.scope import Domain

_COLUMNS = [
    *client_columns(clients),
    *(clients.c[name] for name in ("proved_since", "secret_digest", "pepper_id", "jwks", "jwks_uri")),
]
_GET = Statement(select(*_COLUMNS).where(clients.c.client_id == bindparam("client_id")))
_LIST = Statement(
    select(*_COLUMNS)
    .where(clients.c.client_id > bindparam("after", type_=Text))
    .order_by(clients.c.client_id)
    .limit(bindparam("limit", type_=Integer))
)
_BOUND = Statement(select(clients.c.domain, clients.c.source_systems).where(clients.c.domain.is_not(None)))
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
        """A client with the digest of its secret, or its keys."""
        rows = await self._session.fetch(_GET, {"client_id": client_id})
        return _credential(rows[0]) if rows else None

    async def list(self, after: str | None, limit: int) -> builtins.list[Client]:
        """Clients in the order of their IDs, beginning behind `after`."""
        rows = await self._session.fetch(_LIST, {"after": after or "", "limit": limit})
        return [client_of(row) for row in rows]

    async def domains_of(self, source_systems: Sequence[str]) -> dict[str, frozenset[Domain]]:
        """The domains of the clients, active or not, that may write for each of these source systems."""
        rows = await self._session.fetch(_BOUND, {})
        return {
            system: frozenset(Domain(domain) for domain, bound in rows if bound is None or system in bound)
            for system in source_systems
        }

    def add(self, credential: ClientCredential) -> None:
        """A new client; `commit` raises `Conflict` where its ID is taken."""
        self._session.write(_ADD, [_row(credential)])

    def replace(self, credential: ClientCredential) -> None:
        """New facts of a known client; `commit` raises `Conflict` where there is none."""
        row = _row(credential)
        self._session.write(_REPLACE, [{**row, "the_client": row["client_id"]}])


def _credential(row: Row) -> ClientCredential:
    client, (since, secret_digest, pepper_id, jwks, uri) = client_of(row), row[WIDTH:]
    if not client.has_keys:
        return ClientCredential(client, secret_digest, pepper_id, since=since)
    inline = published_keys(jwks) if jwks is not None else ()
    return ClientCredential(client, None, None, ClientKeys(inline, uri), since)


def _row(credential: ClientCredential) -> Mapping[str, Any]:
    keys = credential.keys
    return {
        **client_row(credential.client),
        "secret_digest": credential.secret_digest,
        "pepper_id": credential.pepper_id,
        "jwks": keys.jwks if keys is not None else None,
        "jwks_uri": keys.uri if keys is not None else None,
        "proved_since": credential.since,
    }
