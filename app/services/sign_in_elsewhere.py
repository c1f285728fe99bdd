"""Signing in at an outside identity provider."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from app.core.access.account import PROVIDED, PROVIDED_NAME, Account
from app.core.access.roles import Role
from app.services.console_sessions import BegunSession, ConsoleSessions
from app.services.context import Origin
from app.services.errors import SignInRefused
from app.services.failure_tally import FailureTally
from app.services.identity_provider import (
    Answer,
    IdentityNotProved,
    IdentityProvider,
    Journey,
    ProvedIdentity,
)
from app.services.ports import Units
from app.services.sign_in import locked_account


@dataclass(frozen=True, slots=True)
class SignInElsewhere:
    """The provider says who somebody is and in which groups; `roles` says what a group works as: the first
    one that somebody is in counts. Their account is made at the first sign-in, and can be disabled here."""

    units: Units
    sessions: ConsoleSessions
    provider: IdentityProvider
    roles: Mapping[str, Role]
    tally: FailureTally

    async def start(self) -> tuple[str, str]:
        """Where the browser goes, and the secret that it keeps meanwhile. Raises `ProviderUnavailable`."""
        secret = self.sessions.ids.secret()
        return await self.provider.address(_journey(secret)), secret

    async def finish(self, secret: str, answer: Answer, origin: Origin, replaced: str | None) -> BegunSession:
        """Raises `SignInRefused`, `ProviderUnavailable`, `StorageUnavailable`."""
        journey = _journey(secret)
        try:
            if not hmac.compare_digest(answer.state.encode("utf-8", "surrogatepass"), journey.state.encode()):
                raise IdentityNotProved("foreign_state")
            if answer.issuer not in (None, self.provider.issuer):
                raise IdentityNotProved("foreign_issuer")
            if not answer.code:
                raise IdentityNotProved("not_signed_in")
            proved = await self.provider.identify(answer.code, journey)
            if not PROVIDED_NAME.fullmatch(proved.name):
                raise IdentityNotProved("no_name")
        except IdentityNotProved as wrong:
            self.tally.count(str(wrong), origin)
            raise SignInRefused from None
        return await self._begin(proved, origin, replaced)

    async def _begin(self, proved: ProvedIdentity, origin: Origin, replaced: str | None) -> BegunSession:
        name, role = PROVIDED + proved.name, self._role(proved)
        async with self.units() as unit:
            account = await locked_account(unit, name)
            if role is None or (account is not None and not account.active):
                reason = "no_role" if role is None else "account_disabled"
                unit.events.append(self.sessions.refusal(name, reason, origin))
                await unit.commit()
                raise SignInRefused
            now = self.sessions.clock.now()
            if account is None:
                account = Account(name, role, True, now, last_sign_in_at=now)
                unit.accounts.add(account)
            else:
                account = replace(account, role=role).signed_in(now)
                unit.accounts.replace(account)
            begun = await self.sessions.begin(unit, account, origin, "openid_connect", replaced)
            await unit.commit()
        return begun

    def _role(self, proved: ProvedIdentity) -> Role | None:
        return next((role for group, role in self.roles.items() if group in proved.groups), None)


def _journey(secret: str) -> Journey:
    """All three come from the one secret that the browser keeps: nothing is kept for who never returns."""
    return Journey(*(_derived(secret, use) for use in ("state", "nonce", "verifier")))


def _derived(secret: str, use: str) -> str:
    made = hmac.digest(secret.encode("utf-8", "surrogatepass"), use.encode(), sha256)
    return urlsafe_b64encode(made).decode().rstrip("=")
