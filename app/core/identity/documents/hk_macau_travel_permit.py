"""Travel permits of Hong Kong and Macau residents (港澳居民来往内地通行证).

H or M and 8 digits for life; booklets before 2013 add two digits that count the renewals (Ministry of Public
Security, notice of March 2010).
"""

import re
from dataclasses import replace

from app.core.identity.documents.characters import alphanumeric, as_digits
from app.core.identity.documents.document import Document, Fault, IdType
from app.core.identity.documents.unchecked import unchecked

_SHAPE = re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?")
_WITH_RENEWALS = re.compile(r"[HM][0-9]{10}")
_LIFELONG = 9


def compact(text: str) -> str:
    """The number without spaces and signs, letters among its digits mended.

    >>> compact("h12345678(01)"), compact("HO1234567")
    ('H1234567801', 'H01234567')
    """
    number = alphanumeric(text)
    mended = number[:1] + as_digits(number[1:])
    return mended if _SHAPE.fullmatch(mended) else number


def validate(number: str) -> tuple[Fault, ...]:
    """The rules that a compact number breaks; empty for a valid one.

    >>> validate("H12345678"), validate("M1234567801"), validate("H1234567"), validate("X12345678")
    ((), (), (<Fault.LENGTH: 'length'>,), (<Fault.CHARACTERS: 'characters'>,))
    """
    if _SHAPE.fullmatch(number):
        return ()
    return (Fault.CHARACTERS,) if len(number) in (9, 11) else (Fault.LENGTH,)


def has_renewals(number: str) -> bool:
    """Whether a compact number carries its count of renewals, which nothing but a permit does."""
    return _WITH_RENEWALS.fullmatch(number) is not None


def read(number: str, declared: IdType) -> Document:
    """A compact number as a document. The key is the lifelong part."""
    faults = validate(number)
    lifelong = number if faults else number[:_LIFELONG]
    document = unchecked(IdType.HK_MACAU_TRAVEL_PERMIT, declared, f"HM:{lifelong}", faults)
    return replace(document, issue=number[len(lifelong) :])
