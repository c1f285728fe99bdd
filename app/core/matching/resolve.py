"""Who is this? From candidates to one answer."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.core.identity.elements import IdentityElements
from app.core.identity.tables import ReferenceTables
from app.core.matching.answer import (
    Answer,
    Candidates,
    Grade,
    KnownCustomer,
    KnownRecord,
    Method,
    Outcome,
    ScoredCandidate,
)
from app.core.matching.blocking import DOCUMENT, DOCUMENT_RULES
from app.core.matching.comparisons.birth_date import BirthDateLevel
from app.core.matching.comparisons.document import DocumentLevel
from app.core.matching.comparisons.gender import GenderLevel
from app.core.matching.comparisons.name import NameLevel
from app.core.matching.doubt import Doubt, doubts
from app.core.matching.model import Model
from app.core.matching.score import ScoredPair, explain, probability_of, score_pair
from app.core.matching.veto import Veto, vetoes

MOST_CANDIDATES = 10
_CONFLICTING = Veto.CONFLICTING_DOCUMENTS
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
_ANOTHER_DATE = frozenset({BirthDateLevel.DIFFERENT, BirthDateLevel.OTHER_YEAR})


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A customer by their best record. `plausible` is their weight without what a veto forbids."""

    customer: KnownCustomer
    record: KnownRecord
    pair: ScoredPair
    vetoes: tuple[Veto, ...]
    doubts: tuple[Doubt, ...]
    plausible: float

    @property
    def weight(self) -> float:
        """The log2 Bayes factor of the best record."""
        return self.pair.weight


def resolve(given: IdentityElements, candidates: Candidates, model: Model, tables: ReferenceTables) -> Answer:
    """Answers from the candidates alone; deterministic, and independent of their order.

    `match` needs a candidate that is certain by its score, has no doubt and no veto, and has no rival.
    Whatever else is at least possible is `review`; the rest is `no_match`.
    """
    weighed = [
        _weigh(given, customer, model, tables) for customer in candidates.customers if customer.records
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
    best: _Weighed | None,
    weighed: list[_Weighed],
    rivals: list[_Weighed],
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


def _weigh(
    given: IdentityElements, customer: KnownCustomer, model: Model, tables: ReferenceTables
) -> _Weighed:
    """A customer's best record: the weightiest of those without doubt, if any, else the weightiest of all.

    Conflicting numbers in any record veto the customer, unless another of their records holds the very
    number: then a steward joined the two, and both are theirs.
    """
    pairs = [score_pair(given, record.elements, model, tables) for record in customer.records]
    wanted = [
        doubts(given, record.elements, pair.comparisons)
        for record, pair in zip(customer.records, pairs, strict=True)
    ]
    best = max(_speaking(pairs), key=lambda i: (not wanted[i], pairs[i].weight, -i))
    pair, record, wanting = pairs[best], customer.records[best], wanted[best]
    found = vetoes(given, record.elements, pair.comparisons)
    held = {p.comparisons.document.level for p in pairs}
    conflicting = DocumentLevel.DIFFERENT_VALID in held and DocumentLevel.SAME not in held
    if conflicting:
        found = (_CONFLICTING,)
    plausible = pair.weight
    if conflicting:
        plausible -= model.document[pair.comparisons.document.level].weight
    if pair.weight < model.thresholds.certain:
        wanting = (*wanting, Doubt.LOW_SCORE)
    return _Weighed(customer, record, pair, found, wanting, plausible)


def _speaking(pairs: list[ScoredPair]) -> list[int]:
    """Which records may speak for the customer: one without birth date does not where each date that the
    others tell is quite another. A father's and his son's passport are mixed up, and their name is one."""
    dates = [BirthDateLevel(pair.comparisons.birth_date.level) for pair in pairs]
    dated = [i for i, level in enumerate(dates) if level is not BirthDateLevel.MISSING]
    contradicted = dated and all(dates[i] in _ANOTHER_DATE for i in dated)
    return dated if contradicted else list(range(len(pairs)))


def _is_possible(weighed: _Weighed, model: Model) -> bool:
    """Whether a steward should look: not vetoed, likely enough, and the name or the number speaks for it.

    A birth date and a sex that agree are no lead: a dozen customers in a million share them.
    """
    if weighed.vetoes or weighed.weight < model.thresholds.possible:
        return False
    compared = weighed.pair.comparisons
    return model.name[compared.name.level].weight > 0 or model.document[compared.document.level].weight > 0


def _rivals(possible: list[_Weighed], model: Model) -> list[_Weighed]:
    """Those too near the best to choose: of one that agrees in every element, only others that do, too."""
    if len(possible) < 2:
        return []
    best, *others = possible
    if _agrees_in_all(best):
        return [w for w in others if _agrees_in_all(w)]
    return [w for w in others if w.weight >= best.weight - model.thresholds.rival_margin]


def _cut(possible: list[_Weighed], candidates: Candidates) -> bool:
    """Whether someone nearer may be hidden in a bucket that was not read whole.

    Whoever holds the very number is in the number's own bucket; whoever is as near to it by a slip is in one
    of its pieces'. So beside document evidence no other bucket matters; without it, each one does.
    """
    cut = frozenset(candidates.cut)
    if not possible or possible[0].doubts:
        return bool(cut)
    exact = possible[0].pair.comparisons.document.level == DocumentLevel.SAME
    return bool(cut & ({DOCUMENT} if exact else DOCUMENT_RULES))


def _agrees_in_all(weighed: _Weighed) -> bool:
    """Whether name, date and document are there and the same, and the gender does not differ."""
    compared = weighed.pair.comparisons
    return (
        compared.name.level in _SAME
        and compared.birth_date.level in _SAME
        and compared.document.level in _SAME
        and compared.gender.level != GenderLevel.DIFFERENT
    )


def _same_in_all(given: IdentityElements, weighed: _Weighed) -> bool:
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


def _flags(weighed: Iterable[_Weighed], model: Model) -> tuple[str, ...]:
    """The vetoes against holders of the number, and who would be at least possible but for another one."""
    least = model.thresholds.possible
    found = (veto for w in weighed for veto in w.vetoes if veto is not _CONFLICTING or w.plausible >= least)
    return tuple(dict.fromkeys(found))


def _doubtful_grade(weight: float, model: Model) -> Grade:
    """FHIR's grade of a possible candidate who is not certain, however high the score."""
    return Grade.PROBABLE if weight >= model.thresholds.probable else Grade.POSSIBLE


def _candidate(
    given: IdentityElements, weighed: _Weighed, model: Model, certain: bool, rival: bool
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
