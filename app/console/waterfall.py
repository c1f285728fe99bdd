"""How a score comes about, as bars: each element begins where the one before it ended."""

from dataclasses import dataclass
from math import floor, log10

from app.core.matching.answer import ScoredCandidate

START, TOTAL = "prior", "total"
_PLACES = 2
_POWERS_FROM = 9
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Bar:
    """One step. `level` is the comparison's level, "" for the first and the last; `left` and `width` are in
    percent of the chart; `weight` is a log2 Bayes factor, `times` how many times likelier (or, below 0, less
    likely) one person is than two, by this alone."""

    step: str
    level: str
    weight: float
    left: float
    width: float

    @property
    def favours(self) -> str:
        """Which way it points: for, against, or neither."""
        return "neither" if abs(self.weight) < 0.05 else "for" if self.weight > 0 else "against"

    @property
    def times(self) -> str:
        """How many times likelier, as people read it."""
        return times(self.weight)


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The steps with their sum. `zero` is where even odds are, in percent."""

    bars: tuple[Bar, ...]
    zero: float


def waterfall(scored: ScoredCandidate) -> Waterfall:
    """The prior, the elements, and the sum; the prior is what the elements leave of it."""
    weights = [c.weight for c in scored.comparisons]
    steps = [(START, "", scored.weight - sum(weights))]
    steps += [(c.element.value, c.level, c.weight) for c in scored.comparisons]
    spans: list[tuple[float, float]] = []
    total = 0.0
    for _, _, weight in steps:
        spans.append((total, total + weight))
        total += weight
    spans.append((0.0, total))
    steps.append((TOTAL, "", total))
    lowest = min(min(span) for span in spans)
    scale = 100 / ((max(max(span) for span in spans) - lowest) or 1)
    bars = tuple(
        Bar(step, level, weight, (min(span) - lowest) * scale, max(abs(span[1] - span[0]) * scale, 0.4))
        for (step, level, weight), span in zip(steps, spans, strict=True)
    )
    return Waterfall(bars, (0 - lowest) * scale)


def times(weight: float) -> str:
    """2 to the weight's size, to two places that count: 10 bits are "1,000"; beyond a billion a power of ten.

    >>> times(10), times(-10), times(1), times(0), times(54)
    ('1,000', '1,000', '2', '1', '10¹⁶')
    """
    magnitude = abs(weight) * log10(2)
    if magnitude >= _POWERS_FROM:
        return "10" + str(round(magnitude)).translate(_SUPERSCRIPT)
    factor = 10**magnitude
    step = 10 ** max(floor(magnitude) - _PLACES + 1, 0)
    if factor < 10:
        return f"{factor:.1f}".removesuffix(".0")
    return f"{int(round(factor / step) * step):,}"
