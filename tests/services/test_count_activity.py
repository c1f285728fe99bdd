"""Hours that are over are counted once, and every count is what the log says."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.core.audit.activity import Count, Window, series, slots_until
from app.services.count_activity import CountActivity

START = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@dataclass
class Log:
    """The times of events, as an activity store counts them; `asked` are the spans that were read."""

    events: list[datetime] = field(default_factory=list)
    asked: list[tuple[datetime, datetime | None]] = field(default_factory=list)

    async def counts(self, since: datetime, until: datetime | None, *, by_minute: bool) -> list[Count]:
        assert not by_minute
        self.asked.append((since, until))
        within = [at for at in self.events if since <= at and (until is None or at < until)]
        hours = Counter(at.replace(minute=0, second=0, microsecond=0) for at in within)
        return [Count(hour, "match", "match", count) for hour, count in hours.items()]


def unit_of(log: Log) -> Any:
    return SimpleNamespace(activity=log)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 200), st.integers(0, 3), st.sampled_from([Window.DAY, Window.WEEK, Window.MONTH])
        ),
        max_size=12,
    )
)
async def test_every_view_shows_what_a_fresh_count_does(steps: list[tuple[int, int, Window]]) -> None:
    log, counted, now = Log(), CountActivity(), START
    for minutes, events, window in steps:
        now += timedelta(minutes=minutes)
        log.events += [now - timedelta(seconds=20 * n) for n in range(events)]
        slots = slots_until(now, window)
        found = await counted.by_hour(unit_of(log), slots[0], now)
        direct = await log.counts(slots[0], None, by_minute=False)
        assert series(found, slots, window) == series(direct, slots, window)


async def test_what_is_over_is_read_once() -> None:
    log, counted = Log(), CountActivity()
    month, day = START - timedelta(days=29), START - timedelta(hours=23)
    await counted.by_hour(unit_of(log), month, START)
    log.asked.clear()
    await counted.by_hour(unit_of(log), day, START + timedelta(minutes=20))
    nine, ten = (START.replace(hour=hour, minute=0) for hour in (9, 10))
    assert log.asked == [(nine, None)]
    log.asked.clear()
    await counted.by_hour(unit_of(log), month, START + timedelta(minutes=40))
    assert log.asked == [(nine, ten), (ten, None)]


async def test_an_hour_is_not_over_while_its_last_events_may_still_come() -> None:
    log, counted = Log(), CountActivity()
    just_after = START.replace(hour=10, minute=2)
    await counted.by_hour(unit_of(log), START - timedelta(days=1), just_after)
    log.events.append(START.replace(minute=59))
    found = await counted.by_hour(unit_of(log), START - timedelta(days=1), just_after)
    assert sum(count.count for count in found) == 1
