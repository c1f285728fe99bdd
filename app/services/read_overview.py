"""What happened lately, in figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.core.audit.activity import REFUSALS, Count, Window, series, slots_until
from app.core.audit.event import Kind
from app.core.audit.latency import quantiles
from app.services.count_activity import CountActivity
from app.services.ports import Clock, UnitOfWork, Units
from app.services.watch_latency import WatchLatency

MATCHES = ("match", "review", "no_match")


@dataclass(frozen=True, slots=True)
class Overview:
    """Slots and, for each, how much there was of what; latencies in seconds, None where nothing was asked."""

    window: Window
    slots: tuple[datetime, ...]
    matches: dict[str, tuple[int, ...]]
    decisions: dict[str, tuple[int, ...]]
    reviews: dict[str, tuple[int, ...]]
    latency: dict[str, tuple[float | None, ...]]
    open_reviews: int

    @property
    def matched(self) -> int:
        """How many matches were asked for, however they ended."""
        return sum(map(sum, self.matches.values()))


@dataclass(frozen=True, slots=True)
class ReadOverview:
    """Figures alone: whoever works here may see them, and looking is no event."""

    units: Units
    clock: Clock
    latency: WatchLatency
    counted: CountActivity
    timezone: ZoneInfo

    async def __call__(self, window: Window) -> Overview:
        """Raises `StorageUnavailable`."""
        slots = slots_until(self.clock.now().astimezone(self.timezone), window)
        async with self.units() as unit:
            counts = await self._counts(unit, window, slots[0])
            opened, decided = await unit.activity.review_counts(slots[0])
            waiting = await unit.activity.open_reviews()
        readings = self.latency.readings()

        def summed(which: Iterable[Count]) -> tuple[int, ...]:
            return series(which, slots, window)

        return Overview(
            window=window,
            slots=slots,
            matches={outcome: summed(_of(counts, outcome, Kind.MATCH)) for outcome in MATCHES},
            decisions={
                "permit": summed(_of(counts, "permit", Kind.ACCESS)),
                "deny": summed(count for refusal in REFUSALS for count in _of(counts, refusal)),
            },
            reviews={"opened": summed(opened), "decided": summed(decided)},
            latency={"p50": quantiles(readings, slots, 0.5), "p95": quantiles(readings, slots, 0.95)},
            open_reviews=waiting,
        )

    async def _counts(self, unit: UnitOfWork, window: Window, since: datetime) -> Sequence[Count]:
        if window is Window.HOUR:
            return await unit.activity.counts(since, None, by_minute=True)
        return await self.counted.by_hour(unit, since, self.clock.now())


def _of(counts: Sequence[Count], outcome: str, kind: Kind | None = None) -> Iterable[Count]:
    return (c for c in counts if c.outcome == outcome and (kind is None or c.kind == kind))
