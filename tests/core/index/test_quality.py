"""Which fault stands against which field."""

from datetime import date

import pytest

from app.adapters.reference.load import load_reference_tables
from app.core.identity.elements import GivenElements
from app.core.identity.failure import InvalidElement, InvalidElements
from app.core.identity.understand import understand
from app.core.index.quality import faults

GOOD = {
    "name": "王丽华",
    "gender": "female",
    "birth_date": "1980-02-29",
    "id_type": "resident_id_card",
    "id_number": "110101198002290026",
}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, set()),
        ({"gender": "0"}, {("gender", "missing")}),
        ({"name": "无"}, {("name", "missing")}),
        ({"id_number": "无", "id_type": None}, {("id_type", "missing"), ("id_number", "missing")}),
        ({"gender": "male"}, {("gender", "contradictory")}),
        ({"birth_date": "1980-02-28"}, {("birth_date", "contradictory")}),
        ({"id_number": "110101198002290027", "gender": "male"}, {("id_number", "invalid")}),
        ({"id_type": "passport"}, {("id_type", "contradictory")}),
    ],
)
def test_faults(given: dict[str, str | None], expected: set[tuple[str, str]]) -> None:
    understood = understand(GivenElements(**{**GOOD, **given}), load_reference_tables(), date(2026, 11, 21))
    assert faults(understood) == expected


def test_what_cannot_be_understood_is_invalid() -> None:
    assert faults(InvalidElements([InvalidElement("birth_date", "future", "a day")])) == {
        ("birth_date", "invalid")
    }
