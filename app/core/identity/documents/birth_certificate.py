"""Medical certificates of birth (出生医学证明): a letter and 9 digits (seventh edition, April 2023)."""

import re

from app.core.identity.documents.characters import alphanumeric, as_digits
from app.core.identity.documents.document import Document, Fault, IdType
from app.core.identity.documents.unchecked import unchecked

_SHAPE = re.compile(r"[A-Z][0-9]{9}")


def compact(text: str) -> str:
    """The number without spaces and signs, letters among its digits mended.

    >>> compact("p05057 4434"), compact("PO50574434")
    ('P050574434', 'P050574434')
    """
    number = alphanumeric(text)
    mended = number[:1] + as_digits(number[1:])
    return mended if _SHAPE.fullmatch(mended) else number


def validate(number: str) -> tuple[Fault, ...]:
    """The rules that a compact number breaks; empty for a valid one.

    >>> validate("P050574434"), validate("P05057443"), validate("0050574434")
    ((), (<Fault.LENGTH: 'length'>,), (<Fault.CHARACTERS: 'characters'>,))
    """
    if _SHAPE.fullmatch(number):
        return ()
    return (Fault.CHARACTERS,) if len(number) == 10 else (Fault.LENGTH,)


def read(number: str, declared: IdType) -> Document:
    """A compact number as a document."""
    return unchecked(IdType.BIRTH_CERTIFICATE, declared, f"BC:{number}", validate(number))
