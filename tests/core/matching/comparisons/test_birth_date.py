"""How far two birth dates agree."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.matching.comparisons.birth_date import BirthDateLevel, compare_birth_dates

BIRTH_DATES = st.dates(date(1900, 1, 2), date(2026, 11, 21))


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("1980-02-29", "1980-02-29", BirthDateLevel.SAME),
        ("1980-03-11", "1980-11-03", BirthDateLevel.DAY_MONTH_SWAPPED),
        ("1942-03-05", "1942-04-19", BirthDateLevel.LUNAR),
        ("1942-12-05", "1943-01-10", BirthDateLevel.LUNAR),
        ("1984-11-01", "1984-12-22", BirthDateLevel.LUNAR),  # in the leap eleventh month
        ("1980-01-01", "1980-08-23", BirthDateLevel.FIRST_OF_JANUARY),
        ("1979-07-21", "1989-07-21", BirthDateLevel.TEN_YEARS),
        ("1980-08-13", "1980-08-23", BirthDateLevel.TEN_DAYS),
        ("1980-08-03", "1980-08-23", BirthDateLevel.TEN_DAYS),
        ("1977-08-23", "1977-07-23", BirthDateLevel.ONE_DIGIT),
        ("1984-03-11", "1984-03-10", BirthDateLevel.ONE_DIGIT),
        ("1984-03-11", "1964-03-11", BirthDateLevel.ONE_DIGIT),
        ("1984-03-12", "1984-03-21", BirthDateLevel.DIGITS_SWAPPED),
        ("1978-03-12", "1987-03-12", BirthDateLevel.DIGITS_SWAPPED),
        ("1980-08-01", "1980-08-23", BirthDateLevel.FIRST_OF_MONTH),
        ("1979-03-12", "1980-03-12", BirthDateLevel.OTHER_YEAR),
        ("1912-03-12", "2012-03-12", BirthDateLevel.OTHER_YEAR),
        ("1980-08-14", "1980-08-23", BirthDateLevel.NEAR),
        ("1980-02-14", "1980-11-14", BirthDateLevel.OTHER_MONTH),
        ("1980-02-14", "1980-11-23", BirthDateLevel.YEAR_ONLY),
        ("1980-02-14", "1963-11-23", BirthDateLevel.DIFFERENT),
        ("1980-08-26", "1980-09-05", BirthDateLevel.TEN_DAYS),
        ("1979-12-26", "1980-01-05", BirthDateLevel.TEN_DAYS),
        ("1979-12-31", "1980-01-01", BirthDateLevel.NEAR),
        ("1979-12-30", "1980-01-01", BirthDateLevel.DIFFERENT),
    ],
)
def test_each_slip_has_its_level(left: str, right: str, level: BirthDateLevel) -> None:
    assert compare_birth_dates(date.fromisoformat(left), date.fromisoformat(right)).level == level


def test_a_missing_date_is_never_agreement() -> None:
    born = date(1980, 2, 29)
    assert compare_birth_dates(None, born).level == BirthDateLevel.MISSING
    assert compare_birth_dates(None, None).level == BirthDateLevel.MISSING


@given(left=BIRTH_DATES, right=BIRTH_DATES)
def test_the_order_of_the_sides_does_not_matter(left: date, right: date) -> None:
    assert compare_birth_dates(left, right) == compare_birth_dates(right, left)


@given(born=BIRTH_DATES, days=st.integers(1, 400))
def test_only_equal_dates_are_the_same(born: date, days: int) -> None:
    assert compare_birth_dates(born, born + timedelta(days)).level != BirthDateLevel.SAME


@given(born=BIRTH_DATES, days=st.integers(60, 40_000) | st.integers(0, 14))
def test_a_lunar_date_is_always_15_to_59_days_early(born: date, days: int) -> None:
    assert compare_birth_dates(born, born + timedelta(days)).level != BirthDateLevel.LUNAR
