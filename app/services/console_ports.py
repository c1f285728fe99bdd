"""What the console needs from the outside: accounts, passwords, signed-in browsers."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from app.core.access.account import Account, ConsoleSession


class PasswordHasher(Protocol):
    """Passwords of people: slow on purpose, and away from the event loop. `verify` takes as long for None."""

    async def hash(self, password: str) -> str:
        """The encoded hash, salt and parameters included."""
        ...

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """Whether this is the password. Without a hash it is not, after the same work."""
        ...

    def outdated(self, password_hash: str) -> bool:
        """Whether it was made with other parameters than today's."""
        ...


class AccountStore(Protocol):
    """Accounts of the console."""

    async def get(self, name: str) -> Account | None:
        """One account."""
        ...

    async def list(self) -> list[Account]:
        """Every account by name."""
        ...

    def add(self, account: Account) -> None:
        """A new account; `commit` raises `Conflict` where its name is taken."""
        ...

    def replace(self, account: Account) -> None:
        """New facts of a known account; `commit` raises `Conflict` where there is none."""
        ...


class ConsoleSessionStore(Protocol):
    """Signed-in browsers, with whose they are."""

    async def get(self, secret_digest: bytes) -> tuple[ConsoleSession, Account] | None:
        """The session whose cookie has this digest, and whose it is."""
        ...

    def add(self, session: ConsoleSession) -> None:
        """Begins a session."""
        ...

    def touch(self, session_id: UUID, at: datetime) -> None:
        """Notes that the browser was seen."""
        ...

    def end(self, session_id: UUID) -> None:
        """Ends one session."""
        ...

    def end_all_of(self, account: str) -> None:
        """Ends all sessions of an account."""
        ...

    def purge(self, now: datetime) -> None:
        """Forgets sessions whose end has come."""
        ...
