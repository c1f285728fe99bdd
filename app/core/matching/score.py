"""Scoring a pair: four comparisons, and the sum of their weights."""

from dataclasses import dataclass
from math import log2

from app.core.identity.elements import IdentityElements
from app.core.identity.names.name import Name
from app.core.identity.tables import ReferenceTables
from app.core.matching.answer import ScoredElement
from app.core.matching.comparison import Comparison, Element
from app.core.matching.comparisons.birth_date import compare_birth_dates
from app.core.matching.comparisons.document import compare_documents
from app.core.matching.comparisons.gender import compare_genders
from app.core.matching.comparisons.name import compare_names
from app.core.matching.model import Level, Model


@dataclass(frozen=True, slots=True)
class Comparisons:
    """How far each element of two people agrees."""

    name: Comparison
    gender: Comparison
    birth_date: Comparison
    document: Comparison


@dataclass(frozen=True, slots=True)
class ScoredPair:
    """`weight` is log2 of the odds that the two are one person, the prior included."""

    weight: float
    comparisons: Comparisons

    @property
    def probability(self) -> float:
        """The weight as a probability in 0–1."""
        return probability_of(self.weight)


def probability_of(weight: float) -> float:
    """Odds of 2 to the `weight` as a probability, without overflow."""
    if weight >= 0:
        return float(1 / (1 + 2**-weight))
    odds = float(2**weight)
    return odds / (1 + odds)


def compare(given: IdentityElements, stored: IdentityElements, tables: ReferenceTables) -> Comparisons:
    """The four comparisons of two people; symmetric."""
    return Comparisons(
        compare_names(given.name, stored.name, tables),
        compare_genders(given.gender, stored.gender),
        compare_birth_dates(given.birth_date, stored.birth_date),
        compare_documents(given.document, stored.document),
    )


def score_pair(
    given: IdentityElements, stored: IdentityElements, model: Model, tables: ReferenceTables
) -> ScoredPair:
    """Compares two people and adds up the weights; symmetric and deterministic."""
    compared = compare(given, stored, tables)
    weight = (
        model.prior
        + name_weight(model.name[compared.name.level], given.name, stored.name, model)
        + model.gender[compared.gender.level].weight
        + model.birth_date[compared.birth_date.level].weight
        + model.document[compared.document.level].weight
    )
    return ScoredPair(weight, compared)


def name_weight(level: Level, given: Name | None, stored: Name | None, model: Model) -> float:
    """The weight of a level of the name; where two names share a term, u is the commoner one's frequency."""
    if level.term is None or given is None or stored is None:
        return level.weight
    of = model.frequencies.of
    share = of(given, level.term)
    if given.folded != stored.folded:
        share = max(share, of(stored, level.term))
    return level.log2_m - log2(max(share, level.floor))


def explain(
    given: IdentityElements, stored: IdentityElements, pair: ScoredPair, model: Model
) -> tuple[ScoredElement, ...]:
    """Each element's share of the pair's weight; with the prior they add up to it."""
    compared = pair.comparisons
    name = name_weight(model.name[compared.name.level], given.name, stored.name, model)
    return (
        ScoredElement(Element.NAME, compared.name.level, name, compared.name.why),
        _explained(Element.GENDER, compared.gender, model),
        _explained(Element.BIRTH_DATE, compared.birth_date, model),
        _explained(Element.DOCUMENT, compared.document, model),
    )


def _explained(element: Element, compared: Comparison, model: Model) -> ScoredElement:
    return ScoredElement(element, compared.level, model.levels(element)[compared.level].weight, compared.why)
