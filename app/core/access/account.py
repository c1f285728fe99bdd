"""A person's account at the console, and the rules for signing in with a password."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from app.core.access.roles import Role

ACCOUNT_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
"""What the name of a local account looks like."""
PROVIDED_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@|+-]{0,95}")
"""What an identity provider may call somebody; the account's name is this behind `PROVIDED`."""
PROVIDED = "oidc:"

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 128
FEWEST_CHARACTERS = 5
"""How many different characters a password has at least."""
ONE_TIME_PASSWORD = timedelta(hours=24)
"""How long a one-time password is good."""

FREE_ATTEMPTS = 5
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in. Without a `password_hash` only an identity provider lets them in.

    With `one_time_until` the password is a one-time one: good until then, to be replaced at sign-in.
    `failures` counts attempts since the last good one; until `locked_until` none is looked at.
    """

    name: str
    role: Role
    active: bool
    created_at: datetime
    password_hash: str | None = field(default=None, repr=False)
    one_time_until: datetime | None = None
    failures: int = 0
    locked_until: datetime | None = None
    last_sign_in_at: datetime | None = None

    @property
    def must_change_password(self) -> bool:
        """Whether the password is a one-time one."""
        return self.one_time_until is not None

    def locked(self, now: datetime) -> bool:
        """Whether an attempt is not even looked at."""
        return self.locked_until is not None and now < self.locked_until

    def expired(self, now: datetime) -> bool:
        """Whether the one-time password came too late."""
        return self.one_time_until is not None and now >= self.one_time_until

    def attempted(self, now: datetime) -> "Account":
        """With one more attempt, which counts as failed until it turns out good."""
        failures = self.failures + 1
        wait = wait_after(failures)
        return replace(self, failures=failures, locked_until=now + wait if wait else None)

    def signed_in(self, now: datetime) -> "Account":
        """With attempts forgotten."""
        return replace(self, failures=0, locked_until=None, last_sign_in_at=now)


@dataclass(frozen=True, slots=True)
class ConsoleSession:
    """A signed-in browser. `secret_digest` is of what its cookie holds; `seen_at` is its last request."""

    session_id: UUID
    account: str
    secret_digest: bytes = field(repr=False)
    created_at: datetime
    seen_at: datetime
    expires_at: datetime

    def live(self, now: datetime, idle: timedelta) -> bool:
        """Whether neither its end nor the idle time has come."""
        return now < self.expires_at and now - self.seen_at < idle


def wait_after(failures: int) -> timedelta:
    """How long nobody may try again: nothing at first, then twice as long each time, to a limit."""
    beyond = failures - FREE_ATTEMPTS
    if beyond < 0:
        return timedelta(0)
    return min(FIRST_WAIT * (1 << min(beyond, 16)), LONGEST_WAIT)


def password_fault(password: str, name: str) -> str | None:
    """A stable code of what is wrong with a new password, or None."""
    if len(password) < SHORTEST_PASSWORD:
        return "password_too_short"
    if len(password) > LONGEST_PASSWORD:
        return "password_too_long"
    if len(set(password)) < FEWEST_CHARACTERS or name.lower() in password.lower():
        return "password_too_simple"
    return None
