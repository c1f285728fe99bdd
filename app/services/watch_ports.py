"""What limits and alerts need of the outside, as Protocols."""

import builtins
from datetime import datetime
from typing import Protocol
from uuid import UUID

from app.core.audit.alert import Alert, AlertFilter, Sighting, Watch


class RateLimiter(Protocol):
    """Counts in sliding windows of so many seconds: `take` gives 0 where the cost fits and is counted, else
    the seconds to wait; `wait` only looks. A cost beyond `most` counts as `most`."""

    async def take(self, key: str, most: int, seconds: int, cost: int = 1) -> float:
        """Counts `cost` and gives 0, or counts nothing and gives the seconds until it would fit."""
        ...

    async def wait(self, key: str, most: int, seconds: int) -> float:
        """The seconds until one more fits, 0 where it does; counts nothing."""
        ...


class Tallies(Protocol):
    """Short-lived counts and levels; what is not fed is soon forgotten."""

    def count(self, key: str, seconds: int, amount: int = 1) -> int:
        """Counts, and says how many there are in the window, which lasts `seconds` from its first."""
        ...

    def read(self, key: str) -> int:
        """What is counted, or how far it is raised."""
        ...

    def raise_level(self, key: str, seconds: tuple[int, ...]) -> int:
        """Raises the key's level by one, to at most as many as there are `seconds`: how long each level
        stands. Gives the new level."""
        ...

    def forget(self, key: str) -> None:
        """Forgets one key."""
        ...


class AlertStore(Protocol):
    """Alerts, and what rules count in the access log. `claim` says whether this unit is the one watcher."""

    async def claim(self) -> bool:
        """Whether this unit is the one watcher until it ends."""
        ...

    async def take_turn(self) -> None:
        """Opens the transaction: what is read from here on stays true until the commit."""
        ...

    async def sightings(self, watch: Watch, since: datetime, fresh: datetime) -> list[Sighting]:
        """What the watch finds from `since` on, of subjects with an event from `fresh` on, the most first."""
        ...

    async def last(self, rule: str, sighting: Sighting) -> datetime | None:
        """When this rule was last met by the same subject."""
        ...

    async def get(self, alert_id: UUID) -> Alert | None:
        """One alert."""
        ...

    async def list(self, which: AlertFilter, before: UUID | None, limit: int) -> builtins.list[Alert]:
        """Alerts, newest first, beginning behind the alert `before`."""
        ...

    async def unsent(self, since: datetime, limit: int) -> builtins.list[Alert]:
        """The oldest alerts from then on that no webhook has taken."""
        ...

    def add(self, *found: Alert) -> None:
        """New alerts, if the unit of work commits."""
        ...

    def acknowledge(self, alert_id: UUID, at: datetime, who: str) -> None:
        """Somebody has looked; `commit` raises `Conflict` where somebody else was faster."""
        ...

    def sent(self, alert_id: UUID, at: datetime) -> None:
        """The webhook has it."""
        ...


class AlertReceiver(Protocol):
    """Who is told of alerts, outside. Raises `AlertNotSent`."""

    async def send(self, alert: Alert) -> None:
        """Tells of one alert; the same one may come twice."""
        ...


class AlertNotSent(Exception):  # noqa: N818 - a state, named as the operator sees it
    """A receiver that did not take an alert; the message names no address."""
