"""Passports, Chinese and foreign.

Chinese: E and 8 digits; since April 2017 E, a letter but I or O, 7 digits; G and 8; 14 or 15 and 7; D, S,
P (diplomatic, service, public affairs; DE, SE, PE since 2012) and 7; H or K (Hong Kong) and 8; MA (Macau)
and 7.
Foreign: up to 15 letters and digits here, where ICAO 9303 has room for 9 in the machine-readable zone.
No check digit is printed in the number, and every new booklet has a new number.
"""

import re

from app.core.identity.documents.characters import alphanumeric, as_digits
from app.core.identity.documents.document import Document, Fault, IdType
from app.core.identity.documents.unchecked import unchecked

# What no other format of ours, and hardly a foreign passport, looks like.
_DISTINCTIVE = re.compile(r"E[A-HJ-NP-Z][0-9]{7}|[EG][0-9]{8}|[DSP]E[0-9]{7}")
_ANY = re.compile(r"[A-Z0-9]{5,15}")
_MISREAD = re.compile(r"[EG][OI][0-9]{7}")
_PERMIT_LIKE = re.compile(r"[HM][0-9]{8}")


def compact(text: str) -> str:
    """The number without spaces and signs, I and O where Chinese passports have none made digits.

    >>> compact("eo1234567"), compact("E 1234-5678")
    ('E01234567', 'E12345678')
    """
    number = alphanumeric(text)
    return number[0] + as_digits(number[1:]) if _MISREAD.fullmatch(number) else number


def validate(number: str) -> tuple[Fault, ...]:
    """The rules that a compact number breaks; empty for a valid one.

    >>> validate("EA8899178"), validate("S0085735"), validate("E1")
    ((), (), (<Fault.LENGTH: 'length'>,))
    """
    if _ANY.fullmatch(number):
        return ()
    return (Fault.CHARACTERS,) if 5 <= len(number) <= 15 else (Fault.LENGTH,)


def is_distinctive(number: str) -> bool:
    """Whether a compact number can hardly be anything but a Chinese passport, whatever it is called."""
    return _DISTINCTIVE.fullmatch(number) is not None


def read(number: str, declared: IdType) -> Document:
    """A compact number as a document.

    H or M and 8 digits is also how a Hong Kong or Macau travel permit reads, and the two are mistaken for
    each other at the desk: such a number gets the permit's key, so that it meets itself under either label.
    """
    space = "HM" if _PERMIT_LIKE.fullmatch(number) else "P"
    return unchecked(IdType.PASSPORT, declared, f"{space}:{number}", validate(number))
