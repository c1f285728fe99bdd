"""How far two birth dates agree, by the slip that turns one into the other."""

from datetime import date
from enum import StrEnum
from functools import lru_cache

from borax.calendars.lunardate import InvalidLunarDateError, LunarDate

from app.core.matching.comparison import MISSING, Comparison


class BirthDateLevel(StrEnum):
    """Levels, in the order in which they are tried: a pair gets the first that holds.

    The order goes from the explanations that few pairs satisfy by chance to those that many do, so each
    level's chance agreement stays small and no pair counts twice.
    """

    SAME = "same"
    DAY_MONTH_SWAPPED = "day_month_swapped"
    LUNAR = "lunar"
    FIRST_OF_JANUARY = "first_of_january"
    TEN_YEARS = "ten_years"
    TEN_DAYS = "ten_days"
    ONE_DIGIT = "one_digit"
    DIGITS_SWAPPED = "digits_swapped"
    FIRST_OF_MONTH = "first_of_month"
    OTHER_MONTH = "other_month"
    OTHER_YEAR = "other_year"
    NEAR = "near"
    YEAR_ONLY = "year_only"
    DIFFERENT = "different"
    MISSING = MISSING


_WHY = {
    BirthDateLevel.SAME: "same birth date",
    BirthDateLevel.DAY_MONTH_SWAPPED: "day and month exchanged",
    BirthDateLevel.LUNAR: "one is the other's date in the lunar calendar",
    BirthDateLevel.FIRST_OF_JANUARY: "same year; one is 1 January, a common default",
    BirthDateLevel.TEN_YEARS: "same day, ten years apart",
    BirthDateLevel.TEN_DAYS: "ten days apart, or twenty in one month",
    BirthDateLevel.ONE_DIGIT: "one digit differs",
    BirthDateLevel.DIGITS_SWAPPED: "two neighbouring digits exchanged",
    BirthDateLevel.FIRST_OF_MONTH: "same month; one is its first day, a common default",
    BirthDateLevel.OTHER_MONTH: "same year and day in another month",
    BirthDateLevel.OTHER_YEAR: "same day and month in another year",
    BirthDateLevel.NEAR: "same year and month, or the next day",
    BirthDateLevel.YEAR_ONLY: "same year only",
    BirthDateLevel.DIFFERENT: "different birth date",
    BirthDateLevel.MISSING: "birth date missing on one side",
}
_COMPARISONS = {level: Comparison(level, why) for level, why in _WHY.items()}
# Slips of days that leave the month; born around midnight, a child is registered under either day.
_ACROSS_MONTHS = {1: BirthDateLevel.NEAR, 10: BirthDateLevel.TEN_DAYS}
_SAME = _COMPARISONS[BirthDateLevel.SAME]
_MISSING = _COMPARISONS[BirthDateLevel.MISSING]


def compare_birth_dates(left: date | None, right: date | None) -> Comparison:
    """Compares two birth dates; symmetric."""
    if left is None or right is None:
        return _MISSING
    if left == right:
        return _SAME
    if right < left:
        left, right = right, left
    return _COMPARISONS[_slip(left, right)]


def _slip(earlier: date, later: date) -> BirthDateLevel:
    days = later.toordinal() - earlier.toordinal()
    # A lunar date always lies 15 to 59 days before its solar day.
    if 15 <= days <= 59 and later in _solar_days(earlier):
        return BirthDateLevel.LUNAR
    if earlier.month != later.month and days in _ACROSS_MONTHS:
        return _ACROSS_MONTHS[days]
    if earlier.year == later.year:
        return _same_year(earlier, later)
    if earlier.month == later.month and earlier.day == later.day:
        return _same_day_of_year(earlier, later)
    return BirthDateLevel.DIFFERENT


def _same_year(earlier: date, later: date) -> BirthDateLevel:
    if earlier.month == later.day and earlier.day == later.month:
        return BirthDateLevel.DAY_MONTH_SWAPPED
    if earlier.month == 1 and earlier.day == 1:
        return BirthDateLevel.FIRST_OF_JANUARY
    if earlier.month == later.month:
        return _same_month(earlier.day, later.day)
    if earlier.day != later.day:
        return BirthDateLevel.YEAR_ONLY
    return _digits(earlier.month, later.month) or BirthDateLevel.OTHER_MONTH


def _same_month(earlier: int, later: int) -> BirthDateLevel:
    if (later - earlier) % 10 == 0 and later - earlier <= 20:
        return BirthDateLevel.TEN_DAYS
    if slip := _digits(earlier, later):
        return slip
    return BirthDateLevel.FIRST_OF_MONTH if earlier == 1 else BirthDateLevel.NEAR


def _same_day_of_year(earlier: date, later: date) -> BirthDateLevel:
    if later.year - earlier.year == 10:
        return BirthDateLevel.TEN_YEARS
    return _digits(earlier.year, later.year) or BirthDateLevel.OTHER_YEAR


def _digits(left: int, right: int) -> BirthDateLevel | None:
    """The slip between two years, months or days written with leading zeros, if it is one of digits."""
    a, b = f"{left:04}", f"{right:04}"
    differing = [i for i in range(4) if a[i] != b[i]]
    if len(differing) == 1:
        return BirthDateLevel.ONE_DIGIT
    i = differing[0]
    if len(differing) == 2 and differing[1] == i + 1 and a[i] == b[i + 1] and a[i + 1] == b[i]:
        return BirthDateLevel.DIGITS_SWAPPED
    return None


@lru_cache(maxsize=4_096)
def _solar_days(lunar: date) -> tuple[date, ...]:
    """The solar days of a lunar date: two where its month was repeated, none outside 1900–2100."""
    days = []
    for leap in (0, 1):
        try:
            days.append(LunarDate(lunar.year, lunar.month, lunar.day, leap).to_solar_date())
        except InvalidLunarDateError:
            continue
    return tuple(days)
