"""Tokens that ended early."""

from datetime import datetime

from sqlalchemy import bindparam, delete, select

from app.adapters.db.session import Session
from app.adapters.db.statement import Command, Statement, insert_into
from app.adapters.db.tables import revoked_tokens

_REVOKED = Statement(
    select(revoked_tokens.c.token_id).where(revoked_tokens.c.token_id == bindparam("token_id"))
)
_ADD = insert_into(revoked_tokens, lambda statement: statement.on_conflict_do_nothing())
_PURGE = Command(Statement(delete(revoked_tokens).where(revoked_tokens.c.expires_at <= bindparam("now"))))


class SqlRevocationStore:
    """Implements the port `RevocationStore`."""

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        self._session = session

    async def revoked(self, token_id: str) -> bool:
        """Whether this token was ended before its time."""
        return bool(await self._session.fetch(_REVOKED, {"token_id": token_id}))

    def add(self, token_id: str, expires_at: datetime) -> None:
        """Ends a token; once more does nothing."""
        self._session.write(_ADD, [{"token_id": token_id, "expires_at": expires_at}])

    def purge(self, now: datetime) -> None:
        """Forgets tokens that have expired by themselves."""
        self._session.write(_PURGE, [{"now": now}])
