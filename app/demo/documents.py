"""ID numbers for the sample: right in form, drawn by chance."""

from datetime import date
from random import Random

REGIONS = (
    "110101", "110108", "120101", "130102", "210102", "220102", "230102", "310101", "310104",
    "320102", "320502", "330102", "330106", "340102", "350102", "350203", "360102", "370102",
    "370202", "410102", "420106", "430102", "440103", "440104", "440305", "450102", "460105",
    "500103", "510104", "510105", "520102", "530102", "610102", "620102", "630102", "640104",
    "650102",
)  # fmt: skip
"""Districts of large cities (GB/T 2260)."""

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def check_character(first_17: str) -> str:
    """The 18th character of a resident ID number (GB 11643, ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def resident_number(rng: Random, birth_date: date, gender: str) -> str:
    """A valid 18-digit number; the sequence is odd for men."""
    sequence = rng.randrange(1, 500) * 2 - (1 if gender == "male" else 0)
    first_17 = f"{rng.choice(REGIONS)}{birth_date:%Y%m%d}{sequence:03d}"
    return first_17 + check_character(first_17)


def next_resident_number(number: str) -> str:
    """The number given next to somebody of the same sex, place and birthday: a twin's."""
    first_17 = f"{number[:14]}{(int(number[14:17]) + 2) % 1000:03d}"
    return first_17 + check_character(first_17)


def fifteen_digits(number: str) -> str:
    """The same number as issued before 1999: two-digit year, no check character."""
    return number[:6] + number[8:17]


def passport_number(rng: Random) -> str:
    """A foreign passport's number."""
    return rng.choice("ABCKLMNPRST") + f"{rng.randrange(10**7, 10**8)}"


def hong_kong_permit_number(rng: Random) -> str:
    """H and eight digits for life, then the number of renewals."""
    return f"H{rng.randrange(10**7, 10**8)}{rng.randrange(4):02d}"


def taiwan_permit_number(rng: Random) -> str:
    """Eight digits for life."""
    return f"{rng.randrange(10**7, 10**8)}"
