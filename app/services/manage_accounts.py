"""The operator makes accounts of the console, renews their passwords, lets people in and keeps them out."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from app.core.access.account import ACCOUNT_NAME, ONE_TIME_PASSWORD, Account
from app.core.access.roles import Role
from app.core.audit.event import Kind
from app.services.console_ports import PasswordHasher
from app.services.errors import AlreadyExists, InvalidRequest, NotFound, NotPossible
from app.services.operator_log import OperatorLog
from app.services.ports import Conflict, UnitOfWork, Units
from app.services.sign_in import locked_account


@dataclass(frozen=True, slots=True)
class OneTimePassword:
    """An account with a password that is shown this once, and is good for a first sign-in."""

    account: Account
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ManageAccounts:
    """Each change is one commit with its event."""

    units: Units
    passwords: PasswordHasher
    log: OperatorLog

    async def create(self, name: str, role: Role) -> OneTimePassword:
        """Raises `InvalidRequest`, `AlreadyExists`, `StorageUnavailable`."""
        if not ACCOUNT_NAME.fullmatch(name):
            raise InvalidRequest(
                "name", "1 to 64 of the characters a-z, 0-9, '.', '_' and '-', a letter or digit first"
            )
        now, password = self.log.clock.now(), self.log.ids.one_time_password()
        account = Account(name, role, True, now, await self.passwords.hash(password), now + ONE_TIME_PASSWORD)
        try:
            async with self.units() as unit:
                if await unit.accounts.get(name) is not None:
                    raise AlreadyExists
                unit.accounts.add(account)
                await self._commit(unit, account, "created")
        except Conflict:
            raise AlreadyExists from None
        return OneTimePassword(account, password)

    async def reset(self, name: str) -> OneTimePassword:
        """A new one-time password; every session of the account ends, and a lock with it.

        Raises `NotFound`, `NotPossible`, `StorageUnavailable`.
        """
        password = self.log.ids.one_time_password()
        password_hash = await self.passwords.hash(password)
        async with self.units() as unit:
            account = await _known(unit, name)
            if account.password_hash is None:
                raise NotPossible("This account signs in at the identity provider.")
            account = replace(
                account,
                password_hash=password_hash,
                one_time_until=self.log.clock.now() + ONE_TIME_PASSWORD,
                failures=0,
                locked_until=None,
            )
            unit.accounts.replace(account)
            unit.console_sessions.end_all_of(name)
            await self._commit(unit, account, "password_reset")
        return OneTimePassword(account, password)

    async def set_active(self, name: str, active: bool) -> Account:
        """Keeps somebody out, at once, or lets them in again. Raises `NotFound`, `StorageUnavailable`."""
        async with self.units() as unit:
            account = await _known(unit, name)
            if account.active is active:
                return account
            account = replace(account, active=active)
            unit.accounts.replace(account)
            unit.console_sessions.end_all_of(name)
            await self._commit(unit, account, "enabled" if active else "disabled")
        return account

    async def list(self) -> Sequence[Account]:
        """Every account by name. Raises `StorageUnavailable`."""
        async with self.units() as unit:
            return await unit.accounts.list()

    async def _commit(self, unit: UnitOfWork, account: Account, outcome: str) -> None:
        detail = {"account": account.name, "role": account.role.value, "by": "operator"}
        unit.events.append(self.log.event(None, Kind.ACCOUNT, outcome, detail=detail))
        await unit.commit()


async def _known(unit: UnitOfWork, name: str) -> Account:
    account = await locked_account(unit, name)
    if account is None:
        raise NotFound("There is no account with that name.")
    return account
