"""What somebody should look at: rules over the access log, and what they found."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from app.core.audit.event import Kind


class Severity(StrEnum):
    """How soon an alert wants a person."""

    NOTICE = "notice"
    WARNING = "warning"
    CRITICAL = "critical"


class Subject(StrEnum):
    """What a rule counts for; each is a column of the log."""

    CLIENT = "client_id"
    CUSTOMER = "customer_id"


@dataclass(frozen=True, slots=True)
class Watch:
    """A rule: at least so many events of some kinds, of one subject, within a time.

    `outcomes` and `purposes` empty: any. `distinct`: what is counted is how many different ones there are
    rather than events. `between`: only at these hours (local; may go over midnight), counted within them.
    """

    code: str
    severity: Severity
    subjects: tuple[Subject, ...]
    kinds: tuple[Kind, ...]
    least: int
    window: timedelta
    outcomes: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    distinct: Subject | None = None
    between: tuple[time, time] | None = None

    def applies_at(self, local: datetime) -> bool:
        """Whether the rule watches at this local time."""
        if self.between is None:
            return True
        start, end = self.between
        now = local.time()
        return start <= now < end if start <= end else now >= start or now < end

    def since(self, local: datetime) -> datetime:
        """From when on events count: the window, within the hours that the rule watches."""
        begun = local - self.window
        if self.between is None:
            return begun
        start = local.replace(
            hour=self.between[0].hour, minute=self.between[0].minute, second=0, microsecond=0
        )
        return max(begun, start if start <= local else start - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Threshold:
    """At least so many within so many seconds."""

    least: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Pace:
    """`requests` in `seconds`, which a client that was found probing is slowed to `for_seconds`."""

    requests: int
    seconds: int
    for_seconds: int


@dataclass(frozen=True, slots=True)
class Probing:
    """When a client is probing. `misses`: questions without an answer, which are at least `share` of all.
    `people`: different people asked for with one number; `numbers`: different numbers with one person.
    `paces`: what it is slowed to, the first time, the second time …
    """

    misses: Threshold
    share: float
    people: Threshold
    numbers: Threshold
    paces: tuple[Pace, ...]


@dataclass(frozen=True, slots=True)
class AlertRules:
    """All rules of an installation."""

    probing: Probing
    watches: tuple[Watch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A rule was met: `count` was counted within `window_seconds`. `sent_at`: when the webhook took it."""

    alert_id: UUID
    at: datetime
    rule: str
    severity: Severity
    count: int
    window_seconds: int
    client_id: str | None = None
    customer_id: str | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """Which alerts to list; None is "any". `acknowledged`: those that were, or those that were not."""

    rule: str | None = None
    client_id: str | None = None
    acknowledged: bool | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a watch counted for one subject, beyond its threshold."""

    count: int
    client_id: str | None = None
    customer_id: str | None = None
