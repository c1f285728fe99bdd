"""Resident identity numbers: 18 characters (GB 11643-1999), and the 15 digits issued before October 1999.

Upgrading inserts the century and appends the check character. Sequences 996–999 of the old form were kept for
people born in the 1800s (State Council notice of 1999 on the 18-digit numbers); as ordinary sequences reach
996 in crowded districts too, the entered birth date decides.
"""

import re
from datetime import date

from app.core.identity.documents import gb11643
from app.core.identity.documents.characters import as_digits, fold
from app.core.identity.documents.document import Document, Fault, IdType

_OLD_LENGTH = 15
_OLD_SHAPE = re.compile(r"[0-9]{15}")
_CENTENARIAN_SEQUENCES = frozenset({"996", "997", "998", "999"})


def compact(text: str) -> str:
    """The number without spaces and signs, a final x, × or * as X, and letters as the digits they were
    misread from: all but the last character can only be digits.

    >>> compact(" 110105 19491231 002x "), compact("11010519491231002*"), compact("11O10519491231002X")
    ('11010519491231002X', '11010519491231002X', '11010519491231002X')
    """
    folded = fold(text)
    if folded.endswith("*") and folded.count("*") == 1 and len(folded) == gb11643.LENGTH:
        folded = folded[:-1] + "X"
    if folded.isascii() and folded.isalnum():
        number = folded
    else:
        number = "".join(character for character in folded if character.isascii() and character.isalnum())
    if number[:-1].isdigit() or len(number) not in (gb11643.LENGTH, _OLD_LENGTH):
        return number
    mended = as_digits(number)
    return mended if mended[:-1].isdigit() else number


def upgrade(number: str, entered: date | None = None) -> str:
    """The 18 characters of a 15-digit number; `entered` is the birth date that the registrar wrote.

    >>> upgrade("110103490315001")
    '110103194903150017'
    >>> upgrade("110105980315997", date(1898, 3, 15))[:14]
    '11010518980315'
    """
    century = "19"
    if number[12:] in _CENTENARIAN_SEQUENCES and entered and f"{entered:%Y%m%d}" == f"18{number[6:12]}":
        century = "18"
    body = f"{number[:6]}{century}{number[6:]}"
    return body + gb11643.check_character(body)


def validate(number: str) -> tuple[Fault, ...]:
    """The rules that a compact number of either length breaks; empty for a valid one.

    >>> validate("11010519491231002X"), validate("110105194912310021"), validate("110105491231002")
    ((), (<Fault.CHECK_DIGIT: 'check_digit'>,), ())
    """
    if _OLD_SHAPE.fullmatch(number):
        return () if gb11643.birth_date(upgrade(number)) else (Fault.BIRTH_DATE,)
    return gb11643.faults(number)


def read(number: str, declared: IdType, entered: date | None = None) -> Document:
    """A compact number, right or wrong, as a document. The key is the upgraded number."""
    old = _OLD_SHAPE.fullmatch(number) is not None
    full = upgrade(number, entered) if old else number
    faults = validate(number)
    readable = not faults
    return Document(
        id_type=IdType.RESIDENT_ID_CARD,
        declared=declared,
        key=f"18:{full}",
        valid=readable,
        unique=True,
        failures=faults,
        birth_date=gb11643.birth_date(full) if readable else None,
        gender=gb11643.gender(full) if readable else None,
        checked=not old,
    )
