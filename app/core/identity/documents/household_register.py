"""Household registers (居民户口簿).

The number is the family's, nine digits in most places: it never identifies alone. Where a person's own
resident number is typed instead, which is common, that number is read as what it is.
"""

import re

from app.core.identity.documents.characters import alphanumeric
from app.core.identity.documents.document import Document, Fault, IdType
from app.core.identity.documents.unchecked import unchecked

compact = alphanumeric

_SHAPE = re.compile(r"[0-9]{6,12}")


def validate(number: str) -> tuple[Fault, ...]:
    """The rules that a compact number breaks; empty for a valid one. Provinces differ in length.

    >>> validate("781380388"), validate("12")
    ((), (<Fault.LENGTH: 'length'>,))
    """
    if _SHAPE.fullmatch(number):
        return ()
    return (Fault.CHARACTERS,) if 6 <= len(number) <= 12 else (Fault.LENGTH,)


def read(number: str, declared: IdType) -> Document:
    """A compact number as a document, shared by a family."""
    return unchecked(IdType.HOUSEHOLD_REGISTER, declared, f"HR:{number}", validate(number), unique=False)
