"""What happened in a stretch of time, counted and put into slots of equal length."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

REFUSALS = ("deny", "refused")
"""The outcomes of what somebody asked for and did not get."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many events of a kind ended so, in the minute or hour that began `at`."""

    at: datetime
    kind: str
    outcome: str
    count: int


class Window(StrEnum):
    """How far back somebody looks."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def slot(self) -> timedelta:
        """The length of one slot."""
        return _SLOTS[self][0]

    @property
    def slots(self) -> int:
        """How many slots there are."""
        return _SLOTS[self][1]


_SLOTS: Mapping[Window, tuple[timedelta, int]] = {
    Window.HOUR: (timedelta(minutes=5), 12),
    Window.DAY: (timedelta(hours=1), 24),
    Window.WEEK: (timedelta(hours=6), 28),
    Window.MONTH: (timedelta(days=1), 30),
}


def slots_until(now: datetime, window: Window) -> tuple[datetime, ...]:
    """When each slot begins, the last one being that of `now`; slots begin at round times of `now`'s zone."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    current = midnight + (now - midnight) // window.slot * window.slot
    return tuple(current - window.slot * back for back in reversed(range(window.slots)))


def series(counts: Iterable[Count], slots: Sequence[datetime], window: Window) -> tuple[int, ...]:
    """The sum of each slot; what lies outside counts for nothing."""
    sums = [0] * len(slots)
    for count in counts:
        place = (count.at - slots[0]) // window.slot
        if 0 <= place < len(sums):
            sums[place] += count.count
    return tuple(sums)
