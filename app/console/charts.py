"""Charts as plain geometry: templates draw them as SVG, with a table of the same figures beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10

WIDTH, HEIGHT = 560, 150
LEFT, TOP, BOTTOM = 44, 8, 22


@dataclass(frozen=True, slots=True)
class Mark:
    """A rectangle of one series in one slot."""

    x: float
    y: float
    width: float
    height: float
    series: int
    title: str


@dataclass(frozen=True, slots=True)
class Line:
    """One series as the points of polylines: it is broken where a slot has no value."""

    series: int
    pieces: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of `WIDTH` × `HEIGHT` units. `scale`: (y, label) of each rule; `foot`: (x, label) below."""

    marks: tuple[Mark, ...]
    lines: tuple[Line, ...]
    scale: tuple[tuple[float, str], ...]
    foot: tuple[tuple[float, str], ...]
    empty: bool


def stacked_bars(
    values: Mapping[str, Sequence[int]], names: Mapping[str, str], labels: Sequence[str]
) -> Chart:
    """One bar a slot, the series on top of each other in the order of `values`."""
    slots = len(labels)
    totals = [sum(series[i] for series in values.values()) for i in range(slots)]
    top = nice_top(max(totals, default=0))
    step = (WIDTH - LEFT) / max(1, slots)
    marks: list[Mark] = []
    for i in range(slots):
        base = 0
        for number, (key, series) in enumerate(values.items(), 1):
            if not series[i]:
                continue
            low, high = _y(base, top), _y(base + series[i], top)
            title = f"{labels[i]} · {names[key]}: {series[i]:,}"
            marks.append(
                Mark(_r(LEFT + i * step + step * 0.14), high, _r(step * 0.72), _r(low - high), number, title)
            )
            base += series[i]
    return Chart(tuple(marks), (), _scale(top, "{:,.0f}"), _foot(labels, step), not any(totals))


def lines(values: Mapping[str, Sequence[float | None]], labels: Sequence[str], form: str) -> Chart:
    """One line a series; `form` writes a value of the scale."""
    known = [value for series in values.values() for value in series if value is not None]
    top = nice_top(max(known, default=0))
    step = (WIDTH - LEFT) / max(1, len(labels))
    drawn = tuple(_line(number, series, step, top) for number, series in enumerate(values.values(), 1))
    return Chart((), drawn, _scale(top, form), _foot(labels, step), not known)


def nice_top(value: float) -> float:
    """The end of a scale: the next of 1, 2, 5 × 10ⁿ, so that its half is a round number, too."""
    if value <= 0:
        return 1.0
    power = 10.0 ** floor(log10(value))
    return next(
        round(factor * power, 12) for factor in (1, 2, 5, 10) if factor * power >= value * (1 - 1e-12)
    )


def _line(number: int, series: Sequence[float | None], step: float, top: float) -> Line:
    points = [
        (_r(LEFT + (i + 0.5) * step), _y(v, top)) if v is not None else None for i, v in enumerate(series)
    ]
    pieces: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            pieces.append([])
        else:
            pieces[-1].append(point)
    texts = tuple(" ".join(f"{x},{y}" for x, y in piece) for piece in pieces if len(piece) > 1)
    return Line(number, texts, tuple(point for point in points if point is not None))


def _scale(top: float, form: str) -> tuple[tuple[float, str], ...]:
    halves = (top != 1 and (top / 2).is_integer()) or top < 1
    shown = (0.0, top / 2, top) if halves else (0.0, top)
    return tuple((_y(value, top), form.format(value)) for value in shown)


def _foot(labels: Sequence[str], step: float) -> tuple[tuple[float, str], ...]:
    """Some of the labels, so that none runs into the next."""
    every = max(1, -(-len(labels) // 6))
    return tuple((_r(LEFT + (i + 0.5) * step), label) for i, label in enumerate(labels) if i % every == 0)


def _y(value: float, top: float) -> float:
    return _r(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / top)


def _r(value: float) -> float:
    return round(value, 2)
