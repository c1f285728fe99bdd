"""Figures of an evaluation: what counts as right, wrong and found; calibration."""

import pytest

from app.core.matching.answer import Answer, Grade, Method, Outcome
from app.core.matching.evaluation import (
    Expect,
    Judgement,
    by_expect,
    by_kind,
    judge,
    quality,
    reliability,
    unreadable,
)


def judgement(
    expect: Expect,
    outcome: Outcome,
    *,
    right: bool = False,
    wrong: bool = False,
    found: bool = False,
    kind: str = "kind",
    candidates: tuple[tuple[float, bool], ...] = (),
) -> Judgement:
    return Judgement(expect, kind, outcome, right, wrong, found, candidates)


RIGHT = judgement(Expect.SAME, Outcome.MATCH, right=True, found=True)
WRONG = judgement(Expect.NOBODY, Outcome.MATCH, wrong=True)
LATE = judgement(Expect.CAREFUL, Outcome.REVIEW, found=True)


@pytest.mark.parametrize(
    ("one", "severity"),
    [
        (RIGHT, 0),
        (WRONG, 4),
        (judgement(Expect.REVIEW, Outcome.MATCH, right=True, found=True), 3),
        (judgement(Expect.REVIEW, Outcome.NO_MATCH), 2),
        (judgement(Expect.REVIEW, Outcome.REVIEW, found=True), 0),
        (LATE, 1),
        (judgement(Expect.NOBODY, Outcome.REVIEW), 1),
        (judgement(Expect.NOBODY, Outcome.NO_MATCH), 0),
        (unreadable(Expect.SAME, "kind"), 2),
        (unreadable(Expect.NOBODY, "kind"), 0),
    ],
)
def test_the_worst_error_is_a_wrong_match(one: Judgement, severity: int) -> None:
    assert one.severity == severity
    assert one.is_error is (severity > 0)


@pytest.mark.parametrize(("truth", "right"), [(frozenset({"C1", "C2"}), True), (frozenset({"C2"}), False)])
def test_an_automatic_match_is_right_or_wrong(truth: frozenset[str], right: bool) -> None:
    answer = Answer(Outcome.MATCH, Grade.CERTAIN, Method.EXACT, "C1", (), (), (), "1")
    one = judge(Expect.SAME, "kind", truth, answer)
    assert (one.right, one.wrong) == (right, not right)


def test_kinds_are_told_apart_in_the_order_of_what_is_expected() -> None:
    rows = by_kind([WRONG, LATE, RIGHT, RIGHT])
    assert [(row.expect, row.probes, row.automatic, row.wrong) for row in rows] == [
        (Expect.SAME, 2, 1.0, 0),
        (Expect.CAREFUL, 1, 0.0, 0),
        (Expect.NOBODY, 1, 0.0, 1),
    ]
    assert set(by_expect([WRONG, LATE])) == {Expect.CAREFUL, Expect.NOBODY}


def test_precision_and_recall_are_of_automatic_matches() -> None:
    found = quality([RIGHT, RIGHT, RIGHT, WRONG, LATE, judgement(Expect.REVIEW, Outcome.REVIEW)])
    assert (found.precision, found.recall) == (0.75, 0.75)
    assert found.f1 == pytest.approx(0.75)


@pytest.mark.parametrize("judgements", [[], [judgement(Expect.NOBODY, Outcome.NO_MATCH)]])
def test_nothing_to_count_is_no_figure(judgements: list[Judgement]) -> None:
    found = quality(judgements)
    assert (found.precision, found.recall, found.f1) == (None, None, None)


def test_reliability_holds_what_was_said_against_what_was_so() -> None:
    sure = judgement(Expect.SAME, Outcome.MATCH, candidates=((0.95, True), (0.97, False), (0.0005, False)))
    low, high = reliability([sure])
    assert (low.candidates, low.observed) == (1, 0.0)
    assert (high.low, high.high, high.candidates, high.observed) == (0.9, 0.99, 2, 0.5)
    assert high.predicted == pytest.approx(0.96)
