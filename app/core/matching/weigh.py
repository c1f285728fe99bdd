"""Weighing a customer: by their best record, with what speaks against them beside the score."""

from dataclasses import dataclass

from app.core.identity.elements import IdentityElements
from app.core.identity.tables import ReferenceTables
from app.core.matching.answer import KnownCustomer, KnownRecord
from app.core.matching.comparisons.birth_date import BirthDateLevel
from app.core.matching.comparisons.document import DocumentLevel
from app.core.matching.doubt import Doubt, doubts
from app.core.matching.model import Model
from app.core.matching.score import ScoredPair, score_pair
from app.core.matching.veto import Veto, vetoes

_ANOTHER_DATE = frozenset({BirthDateLevel.DIFFERENT, BirthDateLevel.OTHER_YEAR})


@dataclass(frozen=True, slots=True)
class Weighed:
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


def weigh(
    given: IdentityElements, customer: KnownCustomer, model: Model, tables: ReferenceTables, brief: bool
) -> Weighed | None:
    """A customer's best record: the weightiest of those without doubt, if any, else the weightiest of all.
    None: plainly somebody else, and the answer is to be brief.

    Conflicting numbers in any record veto the customer, unless another of their records holds the very
    number: then a steward joined the two, and both are theirs.
    """
    pairs = [score_pair(given, record.elements, model, tables) for record in customer.records]
    if brief and all(_is_another(pair, model) for pair in pairs):
        return None
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
        found = (Veto.CONFLICTING_DOCUMENTS,)
    plausible = pair.weight
    if conflicting:
        plausible -= model.document[pair.comparisons.document.level].weight
    if pair.weight < model.thresholds.certain:
        wanting = (*wanting, Doubt.LOW_SCORE)
    return Weighed(customer, record, pair, found, wanting, plausible)


def _is_another(pair: ScoredPair, model: Model) -> bool:
    """Whether the number is another person's, and nothing else would make a steward look: no flag either."""
    level = pair.comparisons.document.level
    if level != DocumentLevel.DIFFERENT_VALID:
        return False
    return pair.weight - model.document[level].weight < model.thresholds.possible


def _speaking(pairs: list[ScoredPair]) -> list[int]:
    """Which records may speak for the customer: one without birth date does not where each date that the
    others tell is quite another. A father's and his son's passport are mixed up, and their name is one."""
    dates = [BirthDateLevel(pair.comparisons.birth_date.level) for pair in pairs]
    dated = [i for i, level in enumerate(dates) if level is not BirthDateLevel.MISSING]
    contradicted = dated and all(dates[i] in _ANOTHER_DATE for i in dated)
    return dated if contradicted else list(range(len(pairs)))
