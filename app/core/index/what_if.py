"""What other thresholds would have made of pairs that stewards were asked about."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, inf, log2

from app.core.index.customer import ReviewedPair, Verdict
from app.core.matching.doubt import Doubt

FURTHEST = 40
"""Weights beyond it, on either side, fall into the last bin."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Pairs, by what a steward said of them; `open`: nothing yet."""

    same: int
    not_same: int
    open: int

    @property
    def total(self) -> int:
        """All of the pairs."""
        return self.same + self.not_same + self.open


@dataclass(frozen=True, slots=True)
class Effect:
    """`matched` would be taken without asking, `unasked` would not be looked at, the rest stays as it is."""

    matched: Outcome
    unasked: Outcome
    kept: Outcome


def weight_of(score: float) -> float:
    """The weight (log2 of the odds) of a probability."""
    if score >= 1:
        return inf
    return log2(score / (1 - score)) if score > 0 else -inf


def effect(pairs: Sequence[ReviewedPair], certain: float, possible: float) -> Effect:
    """With these thresholds. A doubt other than a low score keeps a pair before a steward at any weight."""
    unasked = [p for p in pairs if weight_of(p.score) < possible]
    asked = [p for p in pairs if weight_of(p.score) >= possible]
    matched = [p for p in asked if weight_of(p.score) >= certain and set(p.reasons) <= {Doubt.LOW_SCORE}]
    kept = [p for p in asked if weight_of(p.score) < certain or not set(p.reasons) <= {Doubt.LOW_SCORE}]
    return Effect(_outcome(matched), _outcome(unasked), _outcome(kept))


def histogram(pairs: Sequence[ReviewedPair], width: int) -> dict[int, Outcome]:
    """How many pairs lie in each stretch of `width` weights, from where it begins; without gaps."""
    bins: dict[int, list[ReviewedPair]] = {}
    for pair in pairs:
        weight = min(max(weight_of(pair.score), -FURTHEST), FURTHEST - 1)
        bins.setdefault(floor(weight / width) * width, []).append(pair)
    if not bins:
        return {}
    return {begin: _outcome(bins.get(begin, [])) for begin in range(min(bins), max(bins) + 1, width)}


def _outcome(pairs: Sequence[ReviewedPair]) -> Outcome:
    said = Counter(pair.decision for pair in pairs)
    decided = said[Verdict.SAME] + said[Verdict.NOT_SAME]
    return Outcome(said[Verdict.SAME], said[Verdict.NOT_SAME], len(pairs) - decided)
