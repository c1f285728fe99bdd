"""Linking: a registration is as careful as a match."""

from dataclasses import replace

import pytest

from app.core.identity.elements import GivenElements, IdentityElements
from app.core.index.linking import Create, CreateWithReview, Link, decide_link
from app.core.matching.answer import Answer, Grade, KnownRecord, Method, Outcome, ScoredCandidate

NOBODY = KnownRecord(GivenElements(None, None, None, None, None), IdentityElements(None, None, None, None))
DOUBTFUL = ScoredCandidate("C1", NOBODY, Grade.PROBABLE, 0.9, 3.2, (), in_doubt=True)
VETOED = ScoredCandidate("C2", NOBODY, Grade.CERTAINLY_NOT, 0.9, 3.1, (), flags=("conflicting_documents",))
NO_MATCH = Answer(Outcome.NO_MATCH, Grade.CERTAINLY_NOT, None, None, (), (), (VETOED,), "m")
REVIEW = Answer(Outcome.REVIEW, Grade.PROBABLE, None, None, (), ("rival_candidate",), (DOUBTFUL, VETOED), "m")
MATCH = Answer(Outcome.MATCH, Grade.CERTAIN, Method.FUZZY, "C1", (), (), (DOUBTFUL,), "m")


@pytest.mark.parametrize(
    ("answer", "decision"),
    [
        (MATCH, Link("C1")),
        (REVIEW, CreateWithReview(("C1",))),
        (NO_MATCH, Create()),
        (replace(NO_MATCH, candidates=()), Create()),
    ],
    ids=["match", "review", "vetoed", "nobody"],
)
def test_only_a_match_is_linked(answer: Answer, decision: Link | Create | CreateWithReview) -> None:
    assert decide_link(answer) == decision
