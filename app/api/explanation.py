"""A scored candidate as a steward reads it, with stored values masked."""

from collections.abc import Callable

from app.api.schemas.match import CandidateOut, ComparisonOut
from app.core.identity.elements import GivenElements
from app.core.identity.redaction import mask_date, mask_name, mask_number
from app.core.matching.answer import Answer, ScoredCandidate
from app.core.matching.comparison import Element

MOST = 10

Show = Callable[[str], str]

_VALUE: dict[Element, Callable[[GivenElements], str | None]] = {
    Element.NAME: lambda given: given.name,
    Element.GENDER: lambda given: given.gender,
    Element.BIRTH_DATE: lambda given: given.birth_date,
    Element.DOCUMENT: lambda given: given.id_number,
}
_MASK: dict[Element, Show] = {
    Element.NAME: mask_name,
    Element.GENDER: lambda gender: gender,
    Element.BIRTH_DATE: mask_date,
    Element.DOCUMENT: mask_number,
}


def candidates_out(given: GivenElements, answer: Answer, clear: bool) -> list[CandidateOut]:
    """At most ten candidates, best first; stored values in clear only where `clear`."""
    return [_candidate(given, candidate, clear) for candidate in answer.candidates[:MOST]]


def _candidate(given: GivenElements, candidate: ScoredCandidate, clear: bool) -> CandidateOut:
    comparisons = []
    for scored in candidate.comparisons:
        value = _VALUE[scored.element]
        stored = value(candidate.record.given)
        if stored is not None and not clear:
            stored = _MASK[scored.element](stored)
        comparisons.append(
            ComparisonOut(
                element=scored.element,
                level=scored.level,
                weight=round(scored.weight, 3),
                given=value(given),
                stored=stored,
                why=scored.why,
            )
        )
    return CandidateOut(
        customer_id=candidate.customer_id,
        grade=candidate.grade,
        score=round(candidate.score, 9),
        weight=round(candidate.weight, 3),
        comparisons=comparisons,
    )
