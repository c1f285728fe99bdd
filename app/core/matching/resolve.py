"""Who is this? From candidates to one answer."""

from collections.abc import Iterable

from app.core.identity.elements import IdentityElements
from app.core.identity.tables import ReferenceTables
from app.core.matching.answer import (
    Answer,
    Candidates,
    Grade,
    Method,
    Outcome,
    ScoredCandidate,
)
from app.core.matching.blocking import DOCUMENT, DOCUMENT_RULES
from app.core.matching.comparisons.birth_date import BirthDateLevel
from app.core.matching.comparisons.document import DocumentLevel
from app.core.matching.comparisons.gender import GenderLevel
from app.core.matching.comparisons.name import NameLevel
from app.core.matching.doubt import Doubt
from app.core.matching.model import Model
from app.core.matching.score import explain, probability_of
from app.core.matching.veto import Veto
from app.core.matching.weigh import Weighed, weigh

MOST_CANDIDATES = 10
_SAME = frozenset(
    {
        NameLevel.SAME,
        NameLevel.VARIANT,
        GenderLevel.SAME,
        BirthDateLevel.SAME,
        DocumentLevel.SAME,
        DocumentLevel.SAME_INVALID,
        DocumentLevel.SAME_SHARED,
    }
)
"""The levels at which two elements are one and the same in their normal form."""


def resolve(
    given: IdentityElements,
    candidates: Candidates,
    model: Model,
    tables: ReferenceTables,
    *,
    brief: bool = False,
) -> Answer:
    """Answers from the candidates alone; deterministic, and independent of their order.

    `match` needs a candidate that is certain by its score, has no doubt and no veto, and has no rival.
    Whatever else is at least possible is `review`; the rest is `no_match`. A `brief` answer does not show
    who is plainly somebody else; it is the same in all else, and sooner given.
    """
    weighed = [
        found
        for customer in candidates.customers
        if customer.records and (found := weigh(given, customer, model, tables, brief)) is not None
    ]
    weighed.sort(key=lambda w: (-w.weight, w.customer.customer_id))
    possible = [w for w in weighed if _is_possible(w, model)]
    rivals = _rivals(possible, model)
    cut = _cut(possible, candidates)
    best = possible[0] if possible else None
    certain = best is not None and not best.doubts and not rivals and not cut
    shown = tuple(
        _candidate(given, w, model, certain and w is best, w in rivals) for w in weighed[:MOST_CANDIDATES]
    )
    if best is None or not certain:
        return _undecided(best, weighed, rivals, cut, shown, model)
    return Answer(
        outcome=Outcome.MATCH,
        grade=Grade.CERTAIN,
        method=Method.EXACT if _same_in_all(given, best) else Method.FUZZY,
        customer_id=best.customer.customer_id,
        flags=(),
        reasons=(),
        candidates=shown,
        model=model.version,
    )


def _undecided(
    best: Weighed | None,
    weighed: list[Weighed],
    rivals: list[Weighed],
    cut: bool,
    shown: tuple[ScoredCandidate, ...],
    model: Model,
) -> Answer:
    reasons = [*best.doubts] if best is not None else []
    reasons += [Doubt.RIVAL_CANDIDATE] if rivals else []
    reasons += [Doubt.BUCKET_CUT] if cut else []
    return Answer(
        outcome=Outcome.NO_MATCH if best is None else Outcome.REVIEW,
        grade=Grade.CERTAINLY_NOT if best is None else _doubtful_grade(best.weight, model),
        method=None,
        customer_id=None,
        flags=_flags(weighed, model),
        reasons=tuple(reasons),
        candidates=shown,
        model=model.version,
    )


def _is_possible(weighed: Weighed, model: Model) -> bool:
    """Whether a steward should look: not vetoed, likely enough, and the name or the number speaks for it.

    A birth date and a sex that agree are no lead: a dozen customers in a million share them.
    """
    if weighed.vetoes or weighed.weight < model.thresholds.possible:
        return False
    compared = weighed.pair.comparisons
    return model.name[compared.name.level].weight > 0 or model.document[compared.document.level].weight > 0


def _rivals(possible: list[Weighed], model: Model) -> list[Weighed]:
    """Those too near the best to choose: of one that agrees in every element, only others that do, too."""
    if len(possible) < 2:
        return []
    best, *others = possible
    if _agrees_in_all(best):
        return [w for w in others if _agrees_in_all(w)]
    return [w for w in others if w.weight >= best.weight - model.thresholds.rival_margin]


def _cut(possible: list[Weighed], candidates: Candidates) -> bool:
    """Whether someone nearer may be hidden in a bucket that was not read whole.

    Whoever holds the very number is in the number's own bucket; whoever is as near to it by a slip is in one
    of its pieces'. So beside document evidence no other bucket matters; without it, each one does.
    """
    cut = frozenset(candidates.cut)
    if not possible or possible[0].doubts:
        return bool(cut)
    exact = possible[0].pair.comparisons.document.level == DocumentLevel.SAME
    return bool(cut & ({DOCUMENT} if exact else DOCUMENT_RULES))


def _agrees_in_all(weighed: Weighed) -> bool:
    """Whether name, date and document are there and the same, and the gender does not differ."""
    compared = weighed.pair.comparisons
    return (
        compared.name.level in _SAME
        and compared.birth_date.level in _SAME
        and compared.document.level in _SAME
        and compared.gender.level != GenderLevel.DIFFERENT
    )


def _same_in_all(given: IdentityElements, weighed: Weighed) -> bool:
    """Whether every element that was given is the stored one in its normal form."""
    compared = weighed.pair.comparisons
    stored = weighed.record.elements.document
    reissued = given.document is not None and stored is not None and given.document.issue != stored.issue
    return not reissued and all(
        element is None or level in _SAME
        for element, level in (
            (given.name, compared.name.level),
            (given.gender, compared.gender.level),
            (given.birth_date, compared.birth_date.level),
            (given.document, compared.document.level),
        )
    )


def _flags(weighed: Iterable[Weighed], model: Model) -> tuple[str, ...]:
    """The vetoes against holders of the number, and who would be at least possible but for another one."""
    least = model.thresholds.possible
    found = (
        veto
        for w in weighed
        for veto in w.vetoes
        if veto is not Veto.CONFLICTING_DOCUMENTS or w.plausible >= least
    )
    return tuple(dict.fromkeys(found))


def _doubtful_grade(weight: float, model: Model) -> Grade:
    """FHIR's grade of a possible candidate who is not certain, however high the score."""
    return Grade.PROBABLE if weight >= model.thresholds.probable else Grade.POSSIBLE


def _candidate(
    given: IdentityElements, weighed: Weighed, model: Model, certain: bool, rival: bool
) -> ScoredCandidate:
    possible = _is_possible(weighed, model)
    grade = _doubtful_grade(weighed.weight, model) if possible else Grade.CERTAINLY_NOT
    return ScoredCandidate(
        customer_id=weighed.customer.customer_id,
        record=weighed.record,
        grade=Grade.CERTAIN if certain else grade,
        score=probability_of(weighed.weight),
        weight=weighed.weight,
        comparisons=explain(given, weighed.record.elements, weighed.pair, model),
        flags=weighed.vetoes,
        doubts=(*weighed.doubts, Doubt.RIVAL_CANDIDATE) if rival else weighed.doubts,
        in_doubt=possible and not certain,
    )
