"""Accounts of the console, and signed-in browsers."""

import builtins
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update

from app.adapters.db.session import Session
from app.adapters.db.statement import Command, Row, Statement, insert_into
from app.adapters.db.tables import accounts, console_sessions
from app.adapters.db.types import Instant
from app.core.access.account import Account, ConsoleSession
from app.core.access.roles import Role

_ACCOUNT = tuple(field.name for field in fields(Account))
_SESSION = tuple(field.name for field in fields(ConsoleSession))
_accounts = select(*(accounts.c[name] for name in _ACCOUNT))
_GET = Statement(_accounts.where(accounts.c.name == bindparam("name")))
_LIST = Statement(_accounts.order_by(accounts.c.name))
_ADD = insert_into(accounts)
_REPLACE = Command(
    Statement(
        update(accounts)
        .where(accounts.c.name == bindparam("the_account"))
        .values({name: bindparam(name, type_=accounts.c[name].type) for name in _ACCOUNT if name != "name"})
    ),
    exact=True,
)
_OF_SECRET = Statement(
    select(*(console_sessions.c[n] for n in _SESSION), *(accounts.c[n] for n in _ACCOUNT))
    .join(accounts, accounts.c.name == console_sessions.c.account)
    .where(console_sessions.c.secret_digest == bindparam("secret_digest"))
)
_ADD_SESSION = insert_into(console_sessions)
_TOUCH = Command(
    Statement(
        update(console_sessions)
        .where(console_sessions.c.session_id == bindparam("the_session"))
        .values(seen_at=bindparam("seen_at", type_=Instant))
    )
)
_sessions = delete(console_sessions)
_END = Command(Statement(_sessions.where(console_sessions.c.session_id == bindparam("session_id"))))
_END_ALL = Command(Statement(_sessions.where(console_sessions.c.account == bindparam("account"))))
_PURGE = Command(Statement(_sessions.where(console_sessions.c.expires_at <= bindparam("now"))))


class SqlAccountStore:
    """Implements the port `AccountStore`."""

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, name: str) -> Account | None:
        """One account."""
        rows = await self._session.fetch(_GET, {"name": name})
        return _account(rows[0]) if rows else None

    async def list(self) -> builtins.list[Account]:
        """Every account by name: there are as many as people who work here."""
        return [_account(row) for row in await self._session.fetch(_LIST, {})]

    def add(self, account: Account) -> None:
        """A new account; `commit` raises `Conflict` where its name is taken."""
        self._session.write(_ADD, [_row(account)])

    def replace(self, account: Account) -> None:
        """New facts of a known account; `commit` raises `Conflict` where there is none."""
        self._session.write(_REPLACE, [{**_row(account), "the_account": account.name}])


class SqlConsoleSessionStore:
    """Implements the port `ConsoleSessionStore`."""

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, secret_digest: bytes) -> tuple[ConsoleSession, Account] | None:
        """The session whose cookie has this digest, and whose it is."""
        rows = await self._session.fetch(_OF_SECRET, {"secret_digest": secret_digest})
        if not rows:
            return None
        split = len(_SESSION)
        return ConsoleSession(*rows[0][:split]), _account(rows[0][split:])

    def add(self, session: ConsoleSession) -> None:
        """Begins a session."""
        self._session.write(_ADD_SESSION, [{name: getattr(session, name) for name in _SESSION}])

    def touch(self, session_id: UUID, at: datetime) -> None:
        """Notes that the browser was seen."""
        self._session.write(_TOUCH, [{"the_session": session_id, "seen_at": at}])

    def end(self, session_id: UUID) -> None:
        """Ends one session."""
        self._session.write(_END, [{"session_id": session_id}])

    def end_all_of(self, account: str) -> None:
        """Ends all sessions of an account."""
        self._session.write(_END_ALL, [{"account": account}])

    def purge(self, now: datetime) -> None:
        """Forgets sessions whose end has come."""
        self._session.write(_PURGE, [{"now": now}])


def _account(row: Row) -> Account:
    values = dict(zip(_ACCOUNT, row, strict=True))
    return Account(**{**values, "role": Role(values["role"]), "active": bool(values["active"])})


def _row(account: Account) -> dict[str, Any]:
    return {name: getattr(account, name) for name in _ACCOUNT}
