"""Tokens that ended early, and what else a token's life hangs on."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, bindparam, delete, exists, literal, select

from app.adapters.db.client_rows import WIDTH, client_columns, client_of
from app.adapters.db.customer_store import CUSTOMER_COLUMNS, customer_of
from app.adapters.db.id_lists import among_texts
from app.adapters.db.session import Session
from app.adapters.db.statement import Command, Statement, insert_into
from app.adapters.db.tables import clients, customers, revoked_tokens
from app.core.access.claims import Claims
from app.services.access_ports import TokenState

_REVOKED = Statement(
    select(revoked_tokens.c.token_id).where(revoked_tokens.c.token_id == bindparam("token_id"))
)
_ADD = insert_into(revoked_tokens, lambda statement: statement.on_conflict_do_nothing())
_PURGE = Command(Statement(delete(revoked_tokens).where(revoked_tokens.c.expires_at <= bindparam("now"))))


def _state(of_the_line: ColumnElement[bool]) -> Select[Any]:
    """One row where there is a client; the other parties beside it where they are asked for and exist."""
    actor = clients.alias("actor")
    revoked = exists(select(literal(1)).select_from(revoked_tokens).where(of_the_line))
    columns = (*client_columns(clients), *client_columns(actor), *CUSTOMER_COLUMNS, revoked)
    parties = clients.outerjoin(actor, actor.c.client_id == bindparam("actor", type_=Text)).outerjoin(
        customers, customers.c.customer_id == bindparam("customer_id", type_=Text)
    )
    named = [column.label(f"c{position}") for position, column in enumerate(columns)]
    return select(*named).select_from(parties).where(clients.c.client_id == bindparam("client_id"))


_STATE = Statement(
    **{on: _state(which) for on, which in among_texts(revoked_tokens.c.token_id, "line").items()}
)


class SqlRevocationStore:
    """Implements the port `RevocationStore`."""

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        self._session = session

    async def state(self, claims: Claims) -> TokenState:
        """The parties of a token and whether it, or one it was obtained with, is revoked; in one query."""
        asked = {
            "client_id": claims.client_id,
            "actor": claims.actor,
            "customer_id": claims.grant.customer_id if claims.grant is not None else None,
            "line": list(claims.lineage),
        }
        rows = await self._session.fetch(_STATE, asked)
        if not rows:
            return TokenState(None, None, None, False)
        row = rows[0]
        actor, customer, revoked = row[WIDTH : 2 * WIDTH], row[2 * WIDTH : -1], row[-1]
        return TokenState(
            client=client_of(row),
            actor=client_of(actor) if actor[0] is not None else None,
            customer=customer_of(customer) if customer[0] is not None else None,
            revoked=bool(revoked),
        )

    async def revoked(self, token_id: str) -> bool:
        """Whether this token was ended before its time."""
        return bool(await self._session.fetch(_REVOKED, {"token_id": token_id}))

    def add(self, token_id: str, until: datetime) -> None:
        """Ends a token, to be remembered until then; once more does nothing."""
        self._session.write(_ADD, [{"token_id": token_id, "expires_at": until}])

    def purge(self, now: datetime) -> None:
        """Forgets tokens that have expired by themselves."""
        self._session.write(_PURGE, [{"now": now}])
