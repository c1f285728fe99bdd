"""What is typed into a number field when there is no number."""

import re
from datetime import date

from app.core.identity.documents import gb11643
from app.core.identity.documents.characters import fold

_FEWEST_CHARACTERS = 4
_SAYS_MISSING = re.compile("无|没|未|不详|不明|不清|丢|失|忘|待|补|保密|拒绝|同上|暂|办理中")
_MASKED = re.compile(r"\*{3,}|X{4,}")
_LONG_RUN = re.compile(r"([0-9])\1{8,}")
# A spreadsheet keeps 15 digits: the number as a float, or its last three digits as zeros.
_SPREADSHEET_FLOAT = re.compile(r"\s*[0-9](?:\.[0-9]+)?[Ee]\+?[0-9]{1,2}\s*")
_SPREADSHEET_ZEROS = re.compile(r"[0-9]{15}000")
_LETTERS_AND_DIGITS = re.compile(r"([A-Z]{0,3})([0-9]+)")


def is_placeholder(text: str, birth_date: date | None = None) -> bool:
    """Whether a text in a number field says that there is no number.

    Blank, without any digit (无, N/A, 身份证丢失), masked (3201**********1234), shorter than any number, one
    repeated digit, digits in sequence, a long run of one digit, what a spreadsheet left (1.10105E+17,
    110105194912310000), or the birth date itself. A number whose
    check digit and birth date hold is a person's number, whatever it looks like.

    >>> [is_placeholder(t) for t in ("无", "0000", "111111111111111111", "123456789012345678", "H00000000")]
    [True, True, True, True, True]
    >>> [is_placeholder(t) for t in ("H12345678", "00123456", "11010519491231002X")]
    [False, False, False]
    """
    folded = fold(text)
    number = "".join(character for character in folded if character.isalnum())
    if len(number) < _FEWEST_CHARACTERS or not any(character.isdigit() for character in number):
        return True
    if not gb11643.faults(number):
        return False
    if _SPREADSHEET_FLOAT.fullmatch(text) or _SPREADSHEET_ZEROS.fullmatch(number):
        return True
    return _is_remark(folded, number) or _is_pattern(number) or _is_date(number, birth_date)


def _is_remark(folded: str, number: str) -> bool:
    if _MASKED.search(folded):
        return True
    digits = sum(character.isdigit() for character in number)
    return digits < 6 and _SAYS_MISSING.search(number) is not None


def _is_pattern(number: str) -> bool:
    if _LONG_RUN.search(number):
        return True
    split = _LETTERS_AND_DIGITS.fullmatch(number)
    if split is None:
        return False
    letters, digits = split.groups()
    if len(set(digits)) == 1:
        return len(digits) >= _FEWEST_CHARACTERS
    return not letters and (_is_run(digits, "0123456789") or _is_run(digits, "9876543210"))


def _is_run(digits: str, cycle: str) -> bool:
    """Whether digits follow each other around the cycle, from any start."""
    start = cycle.index(digits[0])
    return digits == (cycle[start:] + cycle * (len(digits) // 10 + 1))[: len(digits)]


def _is_date(number: str, birth_date: date | None) -> bool:
    return birth_date is not None and number == f"{birth_date:%Y%m%d}"
