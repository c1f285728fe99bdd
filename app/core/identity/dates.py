"""Birth dates as people write them."""

import re
import unicodedata
from datetime import date
from functools import lru_cache

from app.core.identity.failure import InvalidElement

_FIELD = "birth_date"
_OLDEST_YEARS = 150  # the oldest person on record lived 122 years; older than this is a slip, not a person

_UNKNOWN_WORDS = frozenset(
    {"", "无", "不详", "未知", "不明", "不清", "未提供", "待补", "待查", "保密", "年月日", "--年--月--日"}
    | {"n/a", "na", "nil", "none", "null", "unknown", "/", "?", "??", "???", "-", "--", "---"}
)
# What software writes where nobody knew: SQL Server's first day, Excel's and OLE's day zero, .NET's and
# databases' first and last days. 1900-01-01 belongs here: whoever was born then is not a customer today, but
# many systems start counting there. 1970-01-01 does not: thousands of living people were born on it.
_DEFAULT_DATES = frozenset(
    {"00010101", "17530101", "18000101", "18581117", "18991230", "18991231", "19000101", "99991231"}
)
_PLAIN = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")  # as nearly all systems write them
_TIME = r"(?:[T ]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_SEPARATED = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}")
_COMPACT = re.compile(rf"(\d{{4}})()(\d{{2}})(\d{{2}})(?:\.0|{_TIME})")  # .0: a spreadsheet's number
_CHINESE = re.compile(r"(\d{4})(年)(\d{1,2})月(\d{1,2})[日号]?")
_REPUBLIC = re.compile(r"(?:中[华華])?民[国國](\d{1,3})年(\d{1,2})月(\d{1,2})日?")
_FIRST_YEAR_OF_REPUBLIC = 1912
_MONTHS = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"
_MONTH = r"(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]{0,6}\.?"
_DAY_FIRST = re.compile(rf"(\d{{1,2}})[-/ ]?(?:\d{{1,2}}月/)?{_MONTH}[-/, ]*(\d{{4}})")
_MONTH_FIRST = re.compile(rf"{_MONTH} ?(\d{{1,2}})[, ]+(\d{{4}})")
_NUMERAL = "一二三四五六七八九"
_ONES = f"[{_NUMERAL}]"
_IN_NUMERALS = re.compile(
    rf"([〇零○{_NUMERAL}]{{4}})年(十?{_ONES}|十)月((?:[二三]?十|[廿卅])?{_ONES}|[二三]?十|[廿卅])[日号]"
)
_DIGITS = str.maketrans("〇零○" + _NUMERAL, "000123456789")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－", "-") | {"。": ".", "・": ".", "\u3000": " "})


def parse_birth_date(text: str | None, today: date) -> date | None:
    """Reads a birth date; None where it is missing: blank, a word for unknown, or a system's default date.

    Takes `1980-02-29`, `19800229`, `1980/2/29`, `1980.2.29`, `1980年2月29日`, any width of digits, and an ISO
    time behind it (the day counts as written, whatever the zone); `29 FEB 1980` as passports print it, years
    of the Republic as Taiwan counts them (民國69年2月29日), Chinese numerals (一九八〇年二月二十九日).
    Raises InvalidElement (`birth_date`) for anything else, such as the name of a lunar day (正月初五), for
    days that do not exist, for the future and for more than 150 years ago.

    >>> parse_birth_date("１９８０年２月２９日", date(2026, 1, 1))
    datetime.date(1980, 2, 29)
    >>> parse_birth_date("0000-00-00", date(2026, 1, 1)) is None
    True
    """
    if text is None:
        return None
    numbers = _read(text)
    return None if numbers is None else _checked(numbers, today)


@lru_cache(4_096)  # a batch meets the same birthdays again; all 40,000 would take nine megabytes
def _read(text: str) -> tuple[int, int, int] | None:
    """Year, month and day as they were written; None where the date is missing."""
    if _PLAIN.fullmatch(text):
        numbers = int(text[:4]), int(text[5:7]), int(text[8:])
    else:
        written = unicodedata.normalize("NFKC", text).translate(_DASHES).strip()
        if written.casefold() in _UNKNOWN_WORDS:
            return None
        numbers = _numbers(written)
    return None if _is_placeholder(numbers) else numbers


def _numbers(written: str) -> tuple[int, int, int]:
    squeezed = re.sub(r"\s*([-/.年月日号])\s*", r"\1", written).upper()
    for pattern in (_SEPARATED, _COMPACT, _CHINESE):
        if found := pattern.fullmatch(squeezed):
            year, _, month, day = found.groups()
            return int(year), int(month), int(day)
    if (spelled := _spelled_out(squeezed)) is not None:
        return spelled
    raise InvalidElement(_FIELD, "unreadable_date", "must be a calendar date such as 1980-02-29, or null")


def _spelled_out(text: str) -> tuple[int, int, int] | None:
    """Dates with the month's name, in years of the Republic of China, or in Chinese numerals."""
    if found := _DAY_FIRST.fullmatch(text):
        return int(found[3]), _month(found[2]), int(found[1])
    if found := _MONTH_FIRST.fullmatch(text):
        return int(found[3]), _month(found[1]), int(found[2])
    if found := _REPUBLIC.fullmatch(text):
        return int(found[1]) + _FIRST_YEAR_OF_REPUBLIC - 1, int(found[2]), int(found[3])
    if found := _IN_NUMERALS.fullmatch(text):
        return int(found[1].translate(_DIGITS)), _numeral(found[2]), _numeral(found[3])
    return None


def _month(name: str) -> int:
    return _MONTHS.index(name) // 3 + 1


def _numeral(text: str) -> int:
    """十 is 10, 二十九 29, 廿九 29, 卅 30."""
    tens, ten, ones = text.replace("廿", "二十").replace("卅", "三十").rpartition("十")
    value = int((tens or "一").translate(_DIGITS)) * 10 if ten else 0
    return value + int((ones or "0").translate(_DIGITS))


def _is_placeholder(numbers: tuple[int, int, int]) -> bool:
    year, month, day = numbers
    if month == 0 or day == 0:  # 1980-00-00: a date nobody knew whole
        return True
    return f"{year:04}{month:02}{day:02}" in _DEFAULT_DATES or len(set(f"{year:04}{month:02}{day:02}")) == 1


def _checked(numbers: tuple[int, int, int], today: date) -> date:
    try:
        born = date(*numbers)
    except ValueError:
        raise InvalidElement(_FIELD, "no_such_day", "must be a day that exists in the calendar") from None
    if born > today:
        raise InvalidElement(_FIELD, "in_the_future", "must not be later than today")
    if today.year - born.year > _OLDEST_YEARS:
        expected = f"must not be more than {_OLDEST_YEARS} years ago"
        raise InvalidElement(_FIELD, "too_long_ago", expected)
    return born
