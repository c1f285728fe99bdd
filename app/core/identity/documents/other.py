"""Documents of which only the number is known."""

import re

from app.core.identity.documents.characters import alphanumeric
from app.core.identity.documents.document import Document, Fault, IdType
from app.core.identity.documents.unchecked import unchecked

compact = alphanumeric

_FEWEST_CHARACTERS = 4
_MOBILE = re.compile(r"(?:86)?1[3-9][0-9]{9}")


def validate(number: str) -> tuple[Fault, ...]:
    """Too short to tell people apart, or nothing.

    >>> validate("A1234567"), validate("A12")
    ((), (<Fault.LENGTH: 'length'>,))
    """
    return () if len(number) >= _FEWEST_CHARACTERS else (Fault.LENGTH,)


def is_mobile_number(number: str) -> bool:
    """Whether it is a mobile phone's number, typed for want of a document: a family's, if anybody's.

    >>> is_mobile_number("13912345678")
    True
    """
    return _MOBILE.fullmatch(number) is not None


def read(number: str, declared: IdType) -> Document:
    """A compact number as a document."""
    unique = not is_mobile_number(number)
    return unchecked(IdType.OTHER, declared, f"O:{number}", validate(number), unique=unique)
