"""Foreigners' permanent residence cards (外国人永久居留身份证).

Since December 2023 the card carries 18 digits, the first a 9, with the check character of GB 11643 (National
Immigration Administration, card of 2023); region, nationality, birth date and sequence fill the rest, the
birth date where a resident ID has it. The card of 2017 carries three letters of nationality and 12 digits.
The new number is not derived from the old: the two never meet. The old card's birth date has no century and
its place in the number is not published, so nothing is read out of it.
"""

import re

from app.core.identity.documents import gb11643
from app.core.identity.documents.characters import alphanumeric
from app.core.identity.documents.document import Document, Fault, IdType
from app.core.identity.documents.resident_id import compact as compact_national

_OLD_SHAPE = re.compile(r"[A-Z]{3}[0-9]{12}")


def compact(text: str) -> str:
    """The number without spaces and signs.

    >>> compact("fra 1101 9001 0101"), compact("9330571947 0228351 7")
    ('FRA110190010101', '933057194702283517')
    """
    number = alphanumeric(text)
    return number if number[:3].isalpha() else compact_national(text)


def validate(number: str) -> tuple[Fault, ...]:
    """The rules that a compact number breaks; empty for a valid one.

    >>> validate("933057194702283517"), validate("FRA110190010101"), validate("FRA11019001010")
    ((), (), (<Fault.LENGTH: 'length'>,))
    """
    if is_old(number):
        return ()
    if number[:3].isalpha():
        return (Fault.LENGTH,) if len(number) != 15 else (Fault.CHARACTERS,)
    faults = gb11643.faults(number)
    return faults if number.startswith("9") else tuple(dict.fromkeys((Fault.CHARACTERS, *faults)))


def is_old(number: str) -> bool:
    """Whether a compact number has the form of the card of 2017."""
    return _OLD_SHAPE.fullmatch(number) is not None


def read(number: str, declared: IdType) -> Document:
    """A compact number as a document. The whole number is the key."""
    faults = validate(number)
    old = number[:3].isalpha()
    told = not faults and not old
    return Document(
        id_type=IdType.FOREIGN_PERMANENT_RESIDENCE,
        declared=declared,
        key=f"PR:{number}" if old else f"18:{number}",
        valid=not faults,
        unique=True,
        failures=faults,
        birth_date=gb11643.birth_date(number) if told else None,
        gender=gb11643.gender(number) if told else None,
        checked=not old,
    )
