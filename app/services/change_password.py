"""Choosing a password of one's own."""

from dataclasses import dataclass, replace

from app.core.access.account import password_fault
from app.core.audit.event import Kind
from app.services.console_ports import PasswordHasher
from app.services.console_sessions import BegunSession, ConsoleSessions, SignedIn
from app.services.errors import PasswordRefused
from app.services.ports import Units
from app.services.sign_in import locked_account


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """Every session of the account ends, and the one who changed it gets a new one."""

    units: Units
    sessions: ConsoleSessions
    passwords: PasswordHasher

    async def __call__(self, who: SignedIn, current: str, new: str) -> BegunSession:
        """Whoever just came in by a one-time password need not prove it again: `current` is not looked at.

        Raises `PasswordRefused` (what is wrong with it), `StorageUnavailable`.
        """
        if who.account.password_hash is None:
            raise PasswordRefused("password_elsewhere")
        if (fault := password_fault(new, who.account.name)) is not None:
            raise PasswordRefused(fault)
        if not who.account.must_change_password:
            await self._check(who, current)
        if await self.passwords.verify(new, who.account.password_hash):
            raise PasswordRefused("password_unchanged")
        return await self._change(who, await self.passwords.hash(new))

    async def _check(self, who: SignedIn, current: str) -> None:
        """Guessing the current password counts like guessing at sign-in."""
        async with self.units() as unit:
            account = await locked_account(unit, who.account.name)
            now = self.sessions.clock.now()
            if account is None or account.locked(now):
                raise PasswordRefused("current_password_wrong")
            unit.accounts.replace(account.attempted(now))
            await unit.commit()
        if not await self.passwords.verify(current, who.account.password_hash):
            raise PasswordRefused("current_password_wrong")

    async def _change(self, who: SignedIn, password_hash: str) -> BegunSession:
        now = self.sessions.clock.now()
        async with self.units() as unit:
            account = await locked_account(unit, who.account.name)
            if account is None or not account.active or account.password_hash != who.account.password_hash:
                raise PasswordRefused("current_password_wrong")
            account = replace(account, password_hash=password_hash, one_time_until=None).signed_in(now)
            unit.accounts.replace(account)
            unit.console_sessions.end_all_of(account.name)
            event = self.sessions.scribe(who.caller, Kind.ACCOUNT, "password_changed")
            unit.events.append(replace(event, detail={"account": account.name}))
            begun = await self.sessions.begin(unit, account, who.caller.origin, "password_change", None)
            await unit.commit()
        return begun
