"""Two people side by side: what is shown, what is masked, what is marked."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.reference.load import load_reference_tables
from app.adapters.reference.model import load_shipped_model
from app.console.side_by_side import Line, Person, shown, side_by_side
from app.console.waterfall import times, waterfall
from app.core.identity.elements import GivenElements
from app.core.identity.understand import understand
from app.core.matching.answer import Candidates, KnownCustomer, KnownRecord
from app.core.matching.resolve import resolve

TODAY = date(2026, 11, 1)
TABLES = load_reference_tables()
WANG = GivenElements("王丽华", "2", "1980年2月29日", "01", "11010119800229002 6")
TRADITIONAL = GivenElements("王麗華", "female", "19800229", "resident_id_card", "110101198002290026")
SIGNS = {"same": "=", "variant": "v", "swapped": "x", "different": "!", "one_sided": "-"}


def person(given_: GivenElements) -> Person:
    return Person(given_, understand(given_, TABLES, TODAY))


def line(left: GivenElements, right: GivenElements, element: str, *, clear: bool = True) -> Line:
    lines = side_by_side(person(left), person(right), clear=clear)
    return next(found for found in lines if found.element == element)


def signs(left: GivenElements, right: GivenElements, element: str) -> str:
    return "".join(SIGNS[c.agreement] for c in line(left, right, element).left)


def test_what_means_the_same_is_the_same_however_it_is_written() -> None:
    assert signs(WANG, TRADITIONAL, "name") == "=vv"
    for element in ("gender", "birth_date", "id_type", "id_number"):
        assert line(WANG, TRADITIONAL, element).same, element


@pytest.mark.parametrize(
    ("element", "other", "expected"),
    [
        ("name", GivenElements("王立华", None, None, None, None), "=!="),
        ("birth_date", GivenElements(None, None, "1980-02-19", None, None), "========!="),
        ("id_number", GivenElements(None, None, None, "01", "110101198002290062"), "================xx"),
        ("gender", GivenElements(None, "男", None, None, None), "!"),
        ("name", GivenElements(None, None, None, None, None), "---"),
    ],
)
def test_differences_are_marked(element: str, other: GivenElements, expected: str) -> None:
    assert signs(WANG, other, element) == expected


def test_masked_and_clear_lines_have_the_same_marks() -> None:
    clear = side_by_side(person(WANG), person(TRADITIONAL), clear=True)
    masked = side_by_side(person(WANG), person(TRADITIONAL), clear=False)
    assert [[c.agreement for c in one.left] for one in clear] == [
        [c.agreement for c in one.left] for one in masked
    ]
    assert "".join(c.shown for c in masked[0].left) == "王**"


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=30))
def test_nothing_is_shown_behind_the_mask(name: str, born: str, number: str) -> None:
    """Whatever is written, as unreadable as it may be, no more is shown masked than the mask allows."""
    strange = Person(
        GivenElements(name, None, born, None, number),
        understand(GivenElements(None, None, None, None, None), TABLES, TODAY),
    )
    masked = shown(strange, clear=False)
    assert sum(c not in "* " for c in masked.id_number or "") <= 5
    both = side_by_side(strange, strange, clear=False)
    assert "".join(c.shown for c in both[4].left) == (masked.id_number or "")
    assert "".join(c.shown for c in both[0].left) == (masked.name or "")
    assert "".join(c.shown for c in both[2].left) == (masked.birth_date or "")


def test_the_waterfall_adds_up_to_the_score() -> None:
    left, right = person(WANG), person(TRADITIONAL)
    known = KnownCustomer("C1", (KnownRecord(right.given, right.elements),))
    answer = resolve(left.elements, Candidates((known,)), load_shipped_model(), TABLES)
    (scored,) = answer.candidates
    chart = waterfall(scored)
    assert [bar.step for bar in chart.bars] == [
        "prior", "name", "gender", "birth_date", "document", "total",
    ]  # fmt: skip
    assert sum(bar.weight for bar in chart.bars[:-1]) == pytest.approx(scored.weight)
    assert chart.bars[-1].weight == pytest.approx(scored.weight)
    assert all(0 <= bar.left <= 100 and bar.left + bar.width <= 100.5 for bar in chart.bars)
    assert {bar.step: bar.favours for bar in chart.bars}["prior"] == "against"


@pytest.mark.parametrize(
    ("weight", "said"),
    [(0, "1"), (1, "2"), (-1, "2"), (10, "1,000"), (13.3, "10,000"), (29, "540,000,000"), (54, "10¹⁶")],
)
def test_weights_are_told_as_odds(weight: float, said: str) -> None:
    assert times(weight) == said
