"""Signed-in browsers: how a session begins, goes on and ends."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256

from app.core.access.account import Account, ConsoleSession
from app.core.access.claims import Claims
from app.core.access.client import CONSOLE, Client
from app.core.access.roles import SCOPES_OF
from app.core.access.scope import Scope
from app.core.audit.event import Event, Kind
from app.services.context import Caller, Origin
from app.services.ports import Clock, Ids, UnitOfWork, Units
from app.services.scribe import Scribe

SEEN_EVERY = timedelta(minutes=1)
"""How exactly the last request is known: not each one is worth a write."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who asks, by a session that is good. They act as the client `console`, with their name as the actor."""

    account: Account
    session: ConsoleSession
    caller: Caller

    def may(self, scope: Scope) -> bool:
        """Whether their role has the scope."""
        return scope in self.caller.claims.scopes


@dataclass(frozen=True, slots=True)
class BegunSession:
    """A session with the secret for its cookie, which is kept nowhere else."""

    account: Account
    session: ConsoleSession
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ConsoleSessions:
    """A session ends `longest` after it began, or when nothing was asked for `idle`."""

    units: Units
    scribe: Scribe
    clock: Clock
    ids: Ids
    idle: timedelta
    longest: timedelta

    async def begin(
        self, unit: UnitOfWork, account: Account, origin: Origin, method: str, replaced: str | None
    ) -> BegunSession:
        """Adds a new session and its event to the unit, which the caller commits. The secret is always new,
        and the session that the browser had (`replaced`, its secret) ends: none can be planted."""
        now, secret = self.clock.now(), self.ids.secret()
        session = ConsoleSession(self.ids.uuid(), account.name, _digest(secret), now, now, now + self.longest)
        unit.console_sessions.purge(now)
        if replaced is not None and (old := await unit.console_sessions.get(_digest(replaced))) is not None:
            unit.console_sessions.end(old[0].session_id)
        unit.console_sessions.add(session)
        event = self.scribe(_caller(account, session, origin), Kind.CONSOLE_SIGN_IN, "ok")
        unit.events.append(replace(event, detail={"method": method, "role": account.role.value}))
        return BegunSession(account, session, secret)

    def refusal(self, account: str, reason: str, origin: Origin) -> Event:
        """The event of somebody who came under this account's name and was not let in."""
        return Event(
            event_id=self.ids.uuid(),
            at=self.clock.now(),
            kind=Kind.CONSOLE_SIGN_IN,
            outcome="refused",
            client_id=CONSOLE,
            actor=account,
            reasons=(reason,),
            source=origin.address,
            request_id=origin.request_id,
            trace_id=origin.trace_id,
        )

    async def resume(self, secret: str, origin: Origin, *, by_itself: bool = False) -> SignedIn | None:
        """Whose session it is, if it is good. A page that asks `by_itself` does not keep it alive.

        Raises `StorageUnavailable`.
        """
        now = self.clock.now()
        async with self.units() as unit:
            found = await unit.console_sessions.get(_digest(secret))
            if found is None or not found[0].live(now, self.idle) or not found[1].active:
                return None
            session, account = found
            if not by_itself and now - session.seen_at >= SEEN_EVERY:
                unit.console_sessions.touch(session.session_id, now)
                await unit.commit()
        return SignedIn(account, session, _caller(account, session, origin))

    async def end(self, who: SignedIn) -> None:
        """Signs out. Raises `StorageUnavailable`."""
        async with self.units() as unit:
            unit.console_sessions.end(who.session.session_id)
            unit.events.append(self.scribe(who.caller, Kind.CONSOLE_SIGN_OUT, "ok"))
            await unit.commit()


def _caller(account: Account, session: ConsoleSession, origin: Origin) -> Caller:
    scopes = SCOPES_OF[account.role]
    client = Client(CONSOLE, scopes, None, None, None, True, account.created_at)
    claims = Claims(
        token_id=str(session.session_id),
        client_id=CONSOLE,
        audience=CONSOLE,
        scopes=scopes,
        issued_at=session.created_at,
        expires_at=session.expires_at,
        actor=account.name,
    )
    return Caller(client, claims, origin)


def _digest(secret: str) -> bytes:
    """The secret has 256 random bits: there is nothing to guess."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()
