"""The weight that Splink gives a pair is the weight that a match online gives it."""

from collections.abc import Callable
from random import Random
from typing import Any

from app.adapters.linkage.duckdb_engine import DuckDBEngine
from app.adapters.linkage.pairs import score
from app.adapters.linkage.people import Person
from app.adapters.reference.load import load_reference_tables
from app.core.identity.elements import GivenElements, IdentityElements
from app.core.matching.comparison import Element
from app.core.matching.model import LEVELS, read_model
from app.core.matching.score import score_pair

Understood = Callable[[GivenElements], IdentityElements]
Filled = Callable[[list[Person]], DuckDBEngine]

# Each line is one person as several systems know them, so that the rare levels are met as well.
ODD = (
    (("欧阳娜娜", "女", "1988-02-03", "01", "110101198802030028"), ("歐陽娜", "2", "1988-03-02", None, None)),
    (("张䶮明", "男", "1970-05-06", None, None), ("张\ue863明", "1", "1970-06-05", "03", "E12345678")),
    (
        ("阿卜杜拉·买买提", "男", None, "01", "650102198001011234"),
        ("阿卜杜拉", "other", "1980-01-01", "99", "X1"),
    ),
    (
        ("吕单芳", "女", "1990-01-15", "03", "E98765432"),
        ("LYU SHANFANG", "女", "1990-02-10", "03", "E98765423"),
    ),
    (
        ("SERGEI KIM", "male", "1974-07-22", "03", "S0085735"),
        ("Kim, Sergei", "1", "1984-07-22", "03", "S0085736"),
    ),
    (("大卫·史密斯", "男", "1960-10-01", None, None), ("DAVID SMITH", "男", "1960-10-11", None, None)),
    (
        ("令狐望舒", "女", "1999-12-31", "06", "H1234567801"),
        ("令狐望书", "女", "1999-12-30", "06", "H1234567802"),
    ),
    (("张丽之子", "男", "2026-11-20", None, None), ("张丽", "女", "1995-04-05", "01", "110101199504050022")),
    (
        ("陈堃", "男", "1949-03-15", "01", "110103490315001"),
        ("陈坤", "男", "1949-03-15", "01", "110103194903150017"),
    ),
    ((None, None, None, None, None), ("张?明", None, "1970-05-06", "02", "12345678")),
)
NUMBERS = (
    *(
        "110101198802030028",
        "110101198802030082",
        "110101198802300028",
        "11010119880203028",
        "1101011988O2030028",
    ),
    *("110101198802031028", "330106197001010012", "110101880203002", "110101880203003", "110101198802039927"),
)
PAIRS = 6_000


def test_online_weight_is_splinks_weight(
    filled: Filled, sample_people: list[Person], document: dict[str, Any], understood: Understood
) -> None:
    odd = [
        Person(0, "odd", f"{i}-{j}", GivenElements(*e))
        for i, row in enumerate(ODD)
        for j, e in enumerate(row)
    ]
    odd += [
        Person(0, "odd", number, GivenElements("王芳", "女", None, id_type, number))
        for number in NUMBERS
        for id_type in ("01", "99")
    ]
    people = [*sample_people, *odd]
    engine = filled(people)
    asked = _pairs(people)
    values = ", ".join(f"('0', '{left:09d}', '{right:09d}')" for left, right in sorted(asked))
    engine.make("blocked_pairs", f"SELECT * FROM (VALUES {values}) AS t(match_key, join_key_l, join_key_r)")

    scored = list(engine.rows(f"SELECT * FROM {score(engine, document, -1000.0)}"))

    model, tables = read_model(document), load_reference_tables()
    levels: dict[Element, set[str]] = {element: set() for element in Element}
    for row in scored:
        left, right = (understood(people[int(row[f"unique_id_{side}"])].given) for side in "lr")
        pair = score_pair(left, right, model, tables)
        assert abs(row["match_weight"] - pair.weight) < 1e-6
        assert abs(row["match_probability"] - pair.probability) < 1e-6
        for element in Element:
            levels[element].add(getattr(pair.comparisons, element).level)
    assert len(scored) == len(asked) >= 5_000
    for element, found in levels.items():
        assert len(found) > len(LEVELS[element]) / 2


def _pairs(people: list[Person]) -> set[tuple[int, int]]:
    """Neighbours (rows of one person stand together), everyone odd with everyone odd, and strangers."""
    rng = Random(7)
    odd = [i for i, person in enumerate(people) if person.source_system == "odd"]
    pairs = {(i, i + 1) for i in range(len(people) - 1)}
    pairs |= {(a, b) for a in odd for b in odd if a < b}
    pairs |= {(rng.randrange(odd[0]), b) for b in odd for _ in range(20)}
    while len(pairs) < PAIRS:
        left, right = rng.sample(range(len(people)), 2)
        pairs.add((min(left, right), max(left, right)))
    return pairs
