"""Counts in slots of time, and quantiles of histograms."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.audit.activity import Count, Window, series, slots_until
from app.core.audit.latency import Histogram, Reading, quantiles

NOW = datetime(2026, 11, 22, 10, 7, 31, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize("window", list(Window))
def test_slots_end_with_the_one_of_now(window: Window) -> None:
    slots = slots_until(NOW, window)
    assert len(slots) == window.slots
    assert slots[-1] <= NOW < slots[-1] + window.slot
    assert {b - a for a, b in pairwise(slots)} == {window.slot}


def test_slots_begin_at_round_times_of_the_zone() -> None:
    assert slots_until(NOW, Window.HOUR)[-1].strftime("%H:%M") == "10:05"
    assert slots_until(NOW, Window.WEEK)[-1].strftime("%H:%M") == "06:00"
    assert slots_until(NOW, Window.MONTH)[-1].strftime("%H:%M") == "00:00"


def test_counts_of_other_times_count_for_nothing() -> None:
    slots = slots_until(NOW, Window.DAY)
    at = slots[3].astimezone(UTC)
    counts = [Count(at, "match", "match", 2), Count(at + timedelta(minutes=59), "match", "match", 3)]
    counts += [Count(slots[0] - timedelta(seconds=1), "match", "match", 7)]
    assert series(counts, slots, Window.DAY) == (0, 0, 0, 5, *([0] * 20))


BOUNDS = (0.01, 0.1, 1.0, float("inf"))


@pytest.mark.parametrize(
    ("counts", "share", "expected"),
    [
        ((0, 0, 0, 0), 0.5, None),
        ((10, 10, 10, 10), 0.5, 0.005),
        ((0, 10, 10, 10), 0.5, 0.055),
        ((5, 10, 10, 10), 0.5, 0.01),
        ((0, 0, 0, 10), 0.5, 1.0),
    ],
)
def test_a_quantile_is_interpolated_in_its_bucket(
    counts: tuple[float, ...], share: float, expected: float | None
) -> None:
    assert Histogram(BOUNDS, counts).quantile(share) == pytest.approx(expected)


@given(st.lists(st.integers(0, 1000), min_size=4, max_size=4))
def test_quantiles_grow_with_their_share(steps: list[int]) -> None:
    counts = tuple(float(sum(steps[: i + 1])) for i in range(4))
    found = [Histogram(BOUNDS, counts).quantile(share) for share in (0.1, 0.5, 0.9, 0.99)]
    known = [value for value in found if value is not None]
    assert known == sorted(known)
    assert len(known) in (0, 4)
    assert bool(known) == bool(counts[-1])


def test_each_slot_has_what_came_in_it() -> None:
    slots = [datetime(2026, 1, 1, hour, tzinfo=UTC) for hour in range(4)]
    fast, slow = Histogram(BOUNDS, (10, 10, 10, 10)), Histogram(BOUNDS, (10, 10, 30, 30))
    readings = [
        Reading(slots[0], Histogram((), ())),
        Reading(slots[0] + timedelta(minutes=30), fast),
        Reading(slots[2] + timedelta(minutes=1), slow),
        Reading(slots[3], Histogram(BOUNDS, (4, 4, 4, 4))),
    ]
    first, second, third, last = quantiles(readings, slots, 0.5)
    assert (first, second, last) == (0.005, None, 0.005)
    assert third == pytest.approx(0.55)
