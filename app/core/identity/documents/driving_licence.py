"""Driving licences (驾驶证).

The licence number is the holder's resident number and is read as such; what remains is the file number
(档案编号) of 12 digits.
"""

import re

from app.core.identity.documents.characters import alphanumeric, as_digits
from app.core.identity.documents.document import Document, Fault, IdType
from app.core.identity.documents.unchecked import unchecked

_SHAPE = re.compile(r"[0-9]{12}")


def compact(text: str) -> str:
    """The number without spaces and signs, letters among its digits mended.

    >>> compact("3201 0012 345O")
    '320100123450'
    """
    number = alphanumeric(text)
    mended = as_digits(number)
    return mended if _SHAPE.fullmatch(mended) else number


def validate(number: str) -> tuple[Fault, ...]:
    """The rules that a compact file number breaks; empty for a valid one.

    >>> validate("320100123450"), validate("32010012345")
    ((), (<Fault.LENGTH: 'length'>,))
    """
    if _SHAPE.fullmatch(number):
        return ()
    return (Fault.CHARACTERS,) if len(number) == 12 else (Fault.LENGTH,)


def read(number: str, declared: IdType) -> Document:
    """A compact file number as a document."""
    return unchecked(IdType.DRIVING_LICENCE, declared, f"DL:{number}", validate(number))
