"""How much happened in each hour: hours that are over are counted once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.audit.activity import Count
from app.services.ports import UnitOfWork

SETTLED = timedelta(minutes=5)
"""How long after its end an hour may still get an event: far longer than one takes to be written."""
KEPT = timedelta(days=32)


@dataclass(frozen=True, slots=True)
class _Over:
    """The counts of the hours from `since` to `until`, which are over."""

    since: datetime
    until: datetime
    counts: tuple[Count, ...]


class CountActivity:
    """Each worker remembers the hours that are over, of a month at most, and counts the rest anew."""

    def __init__(self) -> None:
        self._over: _Over | None = None

    async def by_hour(self, unit: UnitOfWork, since: datetime, now: datetime) -> list[Count]:
        """Events since then, by hour, kind and outcome; some from before that, too."""
        over = await self._until(unit, since, _hour_of(now - SETTLED))
        self._over = over
        open_hours = await unit.activity.counts(max(over.until, since), None, by_minute=False)
        return [*over.counts, *open_hours]

    async def _until(self, unit: UnitOfWork, since: datetime, until: datetime) -> _Over:
        known = self._over
        if known is None or since < known.since:
            start = _hour_of(since)
            counted = await unit.activity.counts(start, until, by_minute=False) if start < until else []
            return _Over(start, max(start, until), tuple(counted))
        if until <= known.until:
            return known
        oldest = until - KEPT
        kept = (count for count in known.counts if count.at >= oldest)
        new = await unit.activity.counts(known.until, until, by_minute=False)
        return _Over(max(known.since, oldest), until, (*kept, *new))


def _hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
