"""Signing in with a name and a password."""

from dataclasses import dataclass, replace

from app.core.access.account import ACCOUNT_NAME, Account
from app.core.matching.blocking_key import BlockingKey
from app.services.console_ports import PasswordHasher
from app.services.console_sessions import BegunSession, ConsoleSessions
from app.services.context import Origin
from app.services.errors import SignInRefused
from app.services.failure_tally import FailureTally
from app.services.ports import UnitOfWork, Units


@dataclass(frozen=True, slots=True)
class SignIn:
    """Counts an attempt before it looks at it, so that many at once are no more than the rule allows.

    An unknown name, a locked account and a wrong password take the same time and get the same answer.
    """

    units: Units
    sessions: ConsoleSessions
    passwords: PasswordHasher
    tally: FailureTally

    async def __call__(
        self, name: str, password: str, origin: Origin, replaced: str | None = None
    ) -> BegunSession:
        """Raises `SignInRefused`, `StorageUnavailable`."""
        account, obstacle = await self._attempt(name)
        good = await self.passwords.verify(password, account.password_hash if account else None)
        if account is None or obstacle is not None:
            # Anybody can cause these as often as they like: they are counted, by source and minute.
            self.tally.count(obstacle or "unknown_account", origin)
            raise SignInRefused
        if not good:
            await self._refuse(account, "bad_password", origin)
        if account.expired(self.sessions.clock.now()):
            await self._refuse(account, "one_time_password_expired", origin)
        return await self._begin(account.name, password, origin, replaced)

    async def _attempt(self, name: str) -> tuple[Account | None, str | None]:
        """The account with this attempt counted, and what keeps it from being looked at."""
        if not ACCOUNT_NAME.fullmatch(name):
            return None, None
        async with self.units() as unit:
            account = await locked_account(unit, name)
            if account is None or account.password_hash is None:
                return None, None
            now = self.sessions.clock.now()
            if not account.active:
                return account, "account_disabled"
            if account.locked(now):
                return account, "account_locked"
            unit.accounts.replace(account.attempted(now))
            await unit.commit()
        return account, None

    async def _refuse(self, account: Account, reason: str, origin: Origin) -> None:
        async with self.units() as unit:
            unit.events.append(self.sessions.refusal(account.name, reason, origin))
            await unit.commit()
        raise SignInRefused

    async def _begin(self, name: str, password: str, origin: Origin, replaced: str | None) -> BegunSession:
        async with self.units() as unit:
            account = await locked_account(unit, name)
            if account is None or not account.active or account.password_hash is None:
                raise SignInRefused  # disabled in this very moment
            account = account.signed_in(self.sessions.clock.now())
            if self.passwords.outdated(account.password_hash or ""):
                account = replace(account, password_hash=await self.passwords.hash(password))
            unit.accounts.replace(account)
            begun = await self.sessions.begin(unit, account, origin, "password", replaced)
            await unit.commit()
        return begun


async def locked_account(unit: UnitOfWork, name: str) -> Account | None:
    """The account for a change: of two changes at once neither must undo the other."""
    await unit.index.lock([BlockingKey("account", name)])
    return await unit.accounts.get(name)
