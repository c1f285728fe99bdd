"""Scores: symmetric, deterministic, and never better for what is missing."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.reference.load import load_reference_tables
from app.adapters.reference.model import load_shipped_model
from app.core.identity.elements import IdentityElements
from app.core.matching.comparisons.birth_date import BirthDateLevel
from app.core.matching.comparisons.document import DocumentLevel
from app.core.matching.comparisons.name import NameLevel
from app.core.matching.model import Level
from app.core.matching.score import explain, probability_of, score_pair

Elements = tuple[str | None, ...]
Person = Callable[[Elements], IdentityElements]

MODEL = load_shipped_model()
TABLES = load_reference_tables()

NAMES = (
    None,
    "王丽华",
    "王立华",
    "王麗華",
    "王丽",
    "丽华王",
    "张伟",
    "张伟民",
    "LIHUA WANG",
    "WANG L.",
    "王丽华之子",
    "令狐冲",
)
GENDERS = (None, "male", "female", "other")
DATES = (None, "1980-02-28", "1980-02-18", "1980-01-01", "1990-02-28", "1951-11-03", "1980-04-13")
DOCUMENTS = (
    (None, None),
    ("resident_id_card", "110105198002280026"),
    ("resident_id_card", "110105198002280126"),
    ("resident_id_card", "11010519800228026"),
    ("resident_id_card", "110105800228002"),
    ("resident_id_card", "110105198503121015"),
    ("passport", "E12345678"),
    ("passport", "E12345679"),
    ("household_register", "425064019"),
)
WITHOUT: dict[str, Callable[[IdentityElements], IdentityElements]] = {
    "name": lambda elements: replace(elements, name=None),
    "gender": lambda elements: replace(elements, gender=None),
    "birth_date": lambda elements: replace(elements, birth_date=None),
    "document": lambda elements: replace(elements, document=None),
}
FIELDS = tuple(WITHOUT)

people = st.tuples(st.sampled_from(NAMES), st.sampled_from(GENDERS), st.sampled_from(DATES)).flatmap(
    lambda three: st.sampled_from(DOCUMENTS).map(lambda document: (*three, *document))
)


@given(left=people, right=people)
def test_a_score_is_symmetric_and_deterministic(person: Person, left: Elements, right: Elements) -> None:
    one, other = person(left), person(right)
    pair = score_pair(one, other, MODEL, TABLES)
    assert score_pair(other, one, MODEL, TABLES) == pair == score_pair(one, other, MODEL, TABLES)
    assert 0 <= pair.probability <= 1


@given(left=people, right=people, field=st.sampled_from(FIELDS))
def test_what_agrees_is_never_worth_less_than_nothing(
    person: Person, left: Elements, right: Elements, field: str
) -> None:
    one, other = person(left), person(right)
    if getattr(one, field) != getattr(other, field):
        return
    pair = score_pair(one, other, MODEL, TABLES)
    without = score_pair(one, WITHOUT[field](other), MODEL, TABLES)
    assert without.weight <= pair.weight


@given(left=people, right=people)
def test_the_parts_add_up_to_the_score(person: Person, left: Elements, right: Elements) -> None:
    one, other = person(left), person(right)
    pair = score_pair(one, other, MODEL, TABLES)
    parts = explain(one, other, pair, MODEL)
    assert [part.element for part in parts] == list(FIELDS)
    assert MODEL.prior + sum(part.weight for part in parts) == pytest.approx(pair.weight)
    assert all(part.why for part in parts)


def test_a_rare_name_is_worth_more_than_a_common_one(person: Person) -> None:
    def weight(name: str) -> float:
        one = person((name, None, None, None, None))
        return score_pair(one, one, MODEL, TABLES).weight

    assert weight("令狐冲") > weight("王丽华") > weight("张伟") > MODEL.prior


@pytest.mark.parametrize(
    ("levels", "order"),
    [
        (
            MODEL.name,
            (NameLevel.RESTORED_VARIANT, NameLevel.HOMOPHONE, NameLevel.ONE_DIFFERENT, NameLevel.DIFFERENT),
        ),
        (
            MODEL.birth_date,
            (BirthDateLevel.SAME, BirthDateLevel.LUNAR, BirthDateLevel.YEAR_ONLY, BirthDateLevel.DIFFERENT),
        ),
        (
            MODEL.document,
            (
                DocumentLevel.SAME,
                DocumentLevel.ONE_DIGIT,
                DocumentLevel.ONE_DIGIT_UNCHECKED,
                DocumentLevel.SAME_SHARED,
                DocumentLevel.REISSUED,
                DocumentLevel.DIFFERENT,
                DocumentLevel.DIFFERENT_VALID,
            ),
        ),
    ],
    ids=["name", "birth date", "document"],
)
def test_better_levels_weigh_more(levels: Mapping[str, Level], order: tuple[str, ...]) -> None:
    weights = [levels[level].weight for level in order]
    assert weights == sorted(weights, reverse=True)


@pytest.mark.parametrize(
    ("weight", "probability"), [(0, 0.5), (1, 2 / 3), (-1, 1 / 3), (5000, 1), (-5000, 0)]
)
def test_a_weight_as_a_probability(weight: float, probability: float) -> None:
    assert probability_of(weight) == pytest.approx(probability)
