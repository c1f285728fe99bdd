"""What other thresholds would have made of reviewed pairs."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.index.customer import ReviewedPair, Verdict
from app.core.index.what_if import Outcome, effect, histogram, weight_of

PAIRS = [
    ReviewedPair(1023 / 1024, ("low_score",), Verdict.SAME),
    ReviewedPair(1023 / 1024, ("low_score",), Verdict.NOT_SAME),
    ReviewedPair(1023 / 1024, ("name_differs",), None),
    ReviewedPair(0.5, ("low_score",), Verdict.LATER),
    ReviewedPair(0.25, ("low_score", "name_missing"), Verdict.SAME),
]


def test_a_probability_is_a_weight() -> None:
    assert weight_of(0.5) == 0
    assert weight_of(1023 / 1024) == pytest.approx(9.9986, abs=1e-3)
    assert (weight_of(1.0), weight_of(0.0)) == (inf, -inf)


def test_only_a_low_score_is_mended_by_a_lower_threshold() -> None:
    found = effect(PAIRS, certain=9, possible=-1)
    assert found.matched == Outcome(1, 1, 0)
    assert found.unasked == Outcome(1, 0, 0)
    assert found.kept == Outcome(0, 0, 2)


def test_bins_have_no_gaps() -> None:
    bins = histogram(PAIRS, 2)
    assert list(bins) == [-2, 0, 2, 4, 6, 8]
    assert bins[8] == Outcome(1, 1, 1)
    assert bins[4].total == 0
    assert histogram([], 2) == {}


REVIEWED = st.builds(
    ReviewedPair,
    st.floats(0, 1),
    st.lists(st.sampled_from(["low_score", "name_differs"]), max_size=2).map(tuple),
    st.sampled_from([None, *Verdict]),
)


@given(st.lists(REVIEWED, max_size=30), st.floats(-50, 50), st.floats(-50, 50))
def test_every_pair_goes_one_way(pairs: list[ReviewedPair], one: float, other: float) -> None:
    found = effect(pairs, max(one, other), min(one, other))
    assert found.matched.total + found.unasked.total + found.kept.total == len(pairs)
    assert sum(outcome.total for outcome in histogram(pairs, 2).values()) == len(pairs)
