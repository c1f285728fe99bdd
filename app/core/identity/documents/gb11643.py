"""The numbering of GB 11643-1999: resident IDs, residence permits, permanent residence cards of 2023.

18 characters: 6 of region (or issuer), 8 of birth date, 3 of sequence (odd for men), one check character by
ISO 7064 MOD 11-2. The check finds every single wrong digit and every exchange of two digits.
"""

import re
from datetime import date
from functools import lru_cache
from operator import mul

from app.core.identity.documents.document import Fault
from app.core.identity.gender import Gender

LENGTH = 18
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_WEIGHT_OF_ASCII = ord("0") * sum(_WEIGHTS)
_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_STANDING_ALONE = re.compile(r"(?<![0-9A-Z])[0-9]{17}[0-9X](?![0-9A-Z])")
# Nobody alive, and few in any archive, was born earlier; later years are not dates yet.
_FIRST_YEAR, _LAST_YEAR = 1850, 2099


def check_character(body: str) -> str:
    """The check character of the first 17 digits.

    >>> check_character("11010519491231002")
    'X'
    """
    return _CHECK_CHARACTERS[(sum(map(mul, _WEIGHTS, body.encode())) - _WEIGHT_OF_ASCII) % 11]


def birth_date(number: str) -> date | None:
    """The birth date in characters 7–14 of a number of the right shape; None where there is no such day."""
    year, month, day = int(number[6:10]), int(number[10:12]), int(number[12:14])
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def gender(number: str) -> Gender:
    """The sex in character 17: odd for men."""
    return Gender.MALE if int(number[16]) % 2 else Gender.FEMALE


def number_within(text: str) -> str | None:
    """The one number that holds by these rules in a longer text, such as one with a telephone behind it.

    >>> number_within("11010519491231002X/13800138000"), number_within("110105194912310021 / 2")
    ('11010519491231002X', None)
    """
    found = [n for n in _STANDING_ALONE.findall(text.upper()) if not faults(n)]
    return found[0] if len(found) == 1 else None


@lru_cache(16)  # one number is asked about several times while it is found out what it is
def faults(number: str) -> tuple[Fault, ...]:
    """The rules that a compact number breaks; empty for a valid one. The region is never looked up.

    Issued numbers carry regions that were dissolved decades ago, so no list of regions is complete.
    """
    if not _SHAPE.fullmatch(number):
        return (Fault.LENGTH,) if len(number) != LENGTH else (Fault.CHARACTERS,)
    found = []
    if birth_date(number) is None:
        found.append(Fault.BIRTH_DATE)
    if check_character(number[:17]) != number[17]:
        found.append(Fault.CHECK_DIGIT)
    return tuple(found)
