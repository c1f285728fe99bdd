"""The model: how much each level of each comparison is worth. It is data; this file only reads it.

Fellegi and Sunter (1969): a level's weight is log2(m / u), where m is the probability of the level among
pairs of one person and u among pairs of two people. The document is a Splink 5 settings object with term
frequencies and thresholds beside it, so that Splink can train it and both give one weight for one pair.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import log2
from typing import Any

from app.core.identity.names.name import Name
from app.core.matching.comparison import MISSING, Element
from app.core.matching.comparisons.birth_date import BirthDateLevel
from app.core.matching.comparisons.document import DocumentLevel
from app.core.matching.comparisons.gender import GenderLevel
from app.core.matching.comparisons.name import NameLevel

LEVELS: Mapping[Element, type[StrEnum]] = {
    Element.NAME: NameLevel,
    Element.GENDER: GenderLevel,
    Element.BIRTH_DATE: BirthDateLevel,
    Element.DOCUMENT: DocumentLevel,
}


class InvalidModel(ValueError):  # noqa: N818 - named as the operator reads it
    """A model document that must not be used; the message says where and why."""


class Term(StrEnum):
    """What a level's frequency is taken of: the whole name, the surname or the given name that agrees."""

    NAME = "name"
    SURNAME = "surname"
    GIVEN = "given"


@dataclass(frozen=True, slots=True)
class Level:
    """One level. `weight` is log2(m/u); where `term` is set, u is the frequency of the term that agrees, at
    least `floor`, and `log2_m` takes its part."""

    m: float
    u: float
    weight: float
    log2_m: float
    term: Term | None = None
    floor: float = 0.0


@dataclass(frozen=True, slots=True, repr=False)
class Frequencies:
    """Shares of the population that bear a surname or given name, in comparison form.

    `other_*` stand for what the tables lack, `unsplit` for names without a surname of their own (other
    scripts, names with a middle dot).
    """

    surnames: Mapping[str, float]
    given_names: Mapping[str, float]
    other_surname: float
    other_given_name: float
    unsplit: float

    def of(self, name: Name, term: Term) -> float:
        """The share of people who bear this name, or its surname, or its given name."""
        if not name.surname:
            return self.unsplit
        if term is Term.SURNAME:
            return self.surnames.get(name.surname, self.other_surname)
        given = self.given_names.get(name.given, self.other_given_name)
        if term is Term.GIVEN:
            return given
        return self.surnames.get(name.surname, self.other_surname) * given


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Weights (log2 of the odds) from which a pair is certain, probable or possible, and the margin in which
    a second candidate is a rival."""

    certain: float
    probable: float
    possible: float
    rival_margin: float


@dataclass(frozen=True, slots=True)
class Model:
    """A model in force. `prior` is log2 of the odds that a candidate drawn at random is the person."""

    version: str
    prior: float
    name: Mapping[str, Level]
    gender: Mapping[str, Level]
    birth_date: Mapping[str, Level]
    document: Mapping[str, Level]
    frequencies: Frequencies
    thresholds: Thresholds

    def levels(self, element: Element) -> Mapping[str, Level]:
        """The levels of one element's comparison."""
        found: Mapping[str, Level] = getattr(self, element.value)
        return found


def read_model(document: Mapping[str, Any]) -> Model:
    """Reads a model document: `version`, `settings` (Splink's), `term_frequencies`, `thresholds`.

    Raises `InvalidModel` where a level is missing or unknown, a probability is not in (0, 1], thresholds are
    out of order, or a comparison is missing.
    """
    try:
        return _model(document)
    except (KeyError, TypeError, AttributeError) as error:
        raise InvalidModel(f"model: {type(error).__name__}: {error}") from error


def _model(document: Mapping[str, Any]) -> Model:
    settings = document["settings"]
    prior = _probability(settings["probability_two_random_records_match"], "prior")
    if prior >= 1:
        raise InvalidModel("model: the prior must be below 1")
    comparisons = {c["output_column_name"]: c["comparison_levels"] for c in settings["comparisons"]}
    if set(comparisons) != {element.value for element in LEVELS}:
        raise InvalidModel(f"model: comparisons must be {', '.join(LEVELS)}")
    levels = {element: _levels(element, comparisons[element.value]) for element in LEVELS}
    return Model(
        version=str(document["version"]),
        prior=log2(prior / (1 - prior)),
        name=levels[Element.NAME],
        gender=levels[Element.GENDER],
        birth_date=levels[Element.BIRTH_DATE],
        document=levels[Element.DOCUMENT],
        frequencies=_frequencies(document["term_frequencies"]),
        thresholds=_thresholds(document["thresholds"]),
    )


def _levels(element: Element, rows: Iterable[Mapping[str, Any]]) -> Mapping[str, Level]:
    found = {str(row["label_for_charts"]): _level(element, row) for row in rows}
    expected = {str(level) for level in LEVELS[element]}
    if set(found) != expected:
        wrong = ", ".join(sorted(expected ^ set(found)))
        raise InvalidModel(f"model: {element}: levels missing or unknown: {wrong}")
    if element is not Element.NAME and any(level.term for level in found.values()):
        raise InvalidModel(f"model: {element}: only names have term frequencies")
    return found


def _level(element: Element, row: Mapping[str, Any]) -> Level:
    label = row["label_for_charts"]
    if row.get("is_null_level", False) != (label == MISSING):
        raise InvalidModel(f"model: {element}: {MISSING!r}, and only it, is the null level")
    if label == MISSING:
        return Level(m=1.0, u=1.0, weight=0.0, log2_m=0.0)
    m = _probability(row["m_probability"], f"{element} {label} m")
    u = _probability(row["u_probability"], f"{element} {label} u")
    column = row.get("tf_adjustment_column")
    term = None if column is None else Term(column)
    if term is not None and not (
        row.get("disable_tf_exact_match_detection") and row.get("tf_adjustment_weight") == 1
    ):
        raise InvalidModel(f"model: {element} {label}: a term frequency must replace u as a whole")
    floor = float(row.get("tf_minimum_u_value", 0.0))
    return Level(m=m, u=u, weight=log2(m) - log2(u), log2_m=log2(m), term=term, floor=floor)


def _frequencies(rows: Mapping[str, Any]) -> Frequencies:
    return Frequencies(
        surnames={k: _probability(v, "surname frequency") for k, v in rows["surname"].items()},
        given_names={k: _probability(v, "given name frequency") for k, v in rows["given"].items()},
        other_surname=_probability(rows["other_surname"], "other_surname"),
        other_given_name=_probability(rows["other_given"], "other_given"),
        unsplit=_probability(rows["unsplit"], "unsplit"),
    )


def _thresholds(rows: Mapping[str, Any]) -> Thresholds:
    found = Thresholds(
        certain=float(rows["certain"]),
        probable=float(rows["probable"]),
        possible=float(rows["possible"]),
        rival_margin=float(rows["rival_margin"]),
    )
    if not found.certain >= found.probable >= found.possible or found.rival_margin < 0:
        raise InvalidModel("model: thresholds must fall from certain to possible, and the margin be positive")
    return found


def _probability(value: Any, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
        raise InvalidModel(f"model: {what} must be a probability in (0, 1]")
    return float(value)
