"""Client assertions that were taken: each is good once (RFC 7523 section 3)."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import bindparam, delete

from app.adapters.db.session import Session
from app.adapters.db.statement import Command, Statement, insert_into
from app.adapters.db.tables import used_assertions
from app.core.access.assertion import Assertion

_USE = insert_into(used_assertions)
_PURGE = Command(Statement(delete(used_assertions).where(used_assertions.c.expires_at <= bindparam("now"))))


class SqlAssertionStore:
    """Implements the port `AssertionStore`. Digests are kept, all of one length."""

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        self._session = session

    def use(self, assertion: Assertion) -> None:
        """Takes an assertion; `commit` raises `Conflict` where it was taken before."""
        digest = sha256(f"{assertion.client_id}\0{assertion.assertion_id}".encode()).digest()
        self._session.write(_USE, [{"digest": digest, "expires_at": assertion.until}])

    def purge(self, now: datetime) -> None:
        """Forgets those that have expired."""
        self._session.write(_PURGE, [{"now": now}])
