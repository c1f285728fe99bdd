"""The texts of policy sets that were in force here."""

from datetime import datetime

from sqlalchemy import bindparam, select

from app.adapters.db.session import Session
from app.adapters.db.statement import Statement, insert_into
from app.adapters.db.tables import policy_sets

_KEEP = insert_into(policy_sets)
_TEXT = Statement(select(policy_sets.c.content).where(policy_sets.c.version == bindparam("version")))


class SqlPolicyStore:
    """Implements the port `PolicyStore`."""

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        self._session = session

    async def text(self, version: str) -> str | None:
        """The set of that version as it was written; None where none was kept."""
        rows = await self._session.fetch(_TEXT, {"version": version})
        return str(rows[0][0]) if rows else None

    def keep(self, version: str, text: str, at: datetime) -> None:
        """A set that comes into force; `commit` raises `Conflict` where it is kept already."""
        self._session.write(_KEEP, [{"version": version, "kept_at": at, "content": text}])
