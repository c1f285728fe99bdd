"""Charts: geometry that stays inside its frame and says the figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.console.charts import HEIGHT, LEFT, WIDTH, lines, nice_top, stacked_bars

FIGURES = st.lists(st.integers(0, 10**9), min_size=1, max_size=40)


@given(FIGURES, FIGURES)
def test_bars_stand_on_each_other_inside_the_frame(first: list[int], second: list[int]) -> None:
    size = min(len(first), len(second))
    labels = [str(i) for i in range(size)]
    chart = stacked_bars({"a": first[:size], "b": second[:size]}, {"a": "A", "b": "B"}, labels)
    for mark in chart.marks:
        assert mark.x >= LEFT
        assert mark.x + mark.width <= WIDTH + 0.1
        assert 0 <= mark.y <= mark.y + mark.height <= HEIGHT
    assert len(chart.marks) == sum(1 for value in (*first[:size], *second[:size]) if value)
    assert chart.empty == (not any(first[:size]) and not any(second[:size]))
    assert len(chart.foot) <= 6


@pytest.mark.parametrize(
    ("value", "top"),
    [(0, 1), (1, 1), (1.2, 2), (3, 5), (7, 10), (10, 10), (48, 50), (0.003, 0.005), (1e6, 1e6)],
)
def test_a_scale_ends_at_a_round_number(value: float, top: float) -> None:
    assert nice_top(value) == pytest.approx(top)


def test_a_line_is_broken_where_nothing_is_known() -> None:
    chart = lines({"p50": [1.0, 2.0, None, 3.0]}, ["a", "b", "c", "d"], "{:g} ms")
    (line,) = chart.lines
    assert len(line.pieces) == 1
    assert len(line.dots) == 3
    assert chart.scale[-1][1] == "5 ms"


def test_a_whole_number_is_not_halved_into_a_fraction() -> None:
    chart = stacked_bars({"a": [4]}, {"a": "A"}, ["now"])
    assert [label for _, label in chart.scale] == ["0", "5"]
    assert chart.marks[0].title == "now · A: 4"
