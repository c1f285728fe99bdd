"""What fields may hold."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.health_data_center.records import fields

MOMENTS = st.datetimes(
    min_value=datetime.fromisoformat("1901-01-01"),
    max_value=datetime.fromisoformat("2199-12-30"),
    timezones=st.just(UTC),
)


@given(MOMENTS)
def test_moments_survive_the_wire(moment: datetime) -> None:
    assert fields.parse_moment(fields.format_moment(moment)) == moment


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-21",
        "2026-11-21T08:30:00",
        "2026-11-21 08:30:00Z",
        "2026-02-30T00:00:00Z",
        "2026-11-21T24:00:01Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "２０２６-11-21T08:30:00Z",
        "2026-11-21T08:30:00Z\n",
        1_700_000_000,
        None,
    ],
)
def test_what_is_no_moment(value: Any) -> None:
    with pytest.raises(ValueError, match="RFC 3339"):
        fields.parse_moment(value)


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        (fields.Loinc, ["4548-4", "718-7", "8480-6", "2093-3"], ["4548-5", "4548", "-4", "abc-1", "４548-4"]),
        (
            fields.Icd10,
            ["I10", "I10.x00x002", "E11.900", "A18.0+", "S72.00"],
            ["i10", "I1", "I10.", "I10.x!", "高"],
        ),
        (fields.Atc, ["C09AA05", "A10BA02"], ["C09", "c09aa05", "C09AA5"]),
        (fields.Ucum, ["mmol/L", "%", "10*9/L", "mm[Hg]"], ["", "mmol / L", "毫克"]),
        (fields.Day, ["2026-02-28"], ["2026-02-30", "20260228", "2026-2-28", 0, None]),
        (fields.Count, [0, 90], [-1, 1.0, "5", True, None]),
        (fields.Quantity, [5, 5.5, -3], ["5", True, None, float("inf"), 1e13]),
        (fields.Yuan, [0, 12.5, 100], [-1, 0.001, "5", False, 1e12]),
        (fields.Text, ["心内科", "  x  "], ["", "   ", "a\nb", "a\x00", "x" * 201, 5]),
        (fields.LongText, ["a\nb\tc"], ["\x00", "a\x1bb", "x" * 4001]),
        (fields.CustomerId, ["C1234", "a-b_c"], ["", "a b", "x" * 65, "C\n"]),
        (fields.SourceSystem, ["his", "his-2.east"], ["", "HIS", "-x", "x" * 65]),
    ],
)
def test_codes_and_texts(field: Any, good: list[Any], bad: list[Any]) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(field)
    for value in good:
        adapter.validate_python(value)
    for value in bad:
        with pytest.raises(ValidationError):
            adapter.validate_python(value)
