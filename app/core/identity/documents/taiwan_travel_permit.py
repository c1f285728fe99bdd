"""Travel permits of Taiwan residents (台湾居民来往大陆通行证).

Eight digits for life since September 2008; older booklets add two digits that count the renewals and the
issuing office's letter in brackets.
"""

import re
from dataclasses import replace

from app.core.identity.documents.characters import alphanumeric, as_digits, fold
from app.core.identity.documents.document import Document, Fault, IdType
from app.core.identity.documents.unchecked import unchecked

_SHAPE = re.compile(r"[0-9]{8}(?:[0-9]{2})?")
_ISSUER = re.compile(r"\([A-Z0-9]{0,2}\)?$|(?<=^[0-9]{10})[A-Z]$")
_WITH_ISSUER = re.compile(r"[0-9]{10}\([A-Z0-9]\)")
_LIFELONG = 8


def compact(text: str) -> str:
    """The digits, without spaces, signs and issuer.

    >>> compact("0012345601(B)"), compact("0012345601B"), compact("OO12 3456")
    ('0012345601', '0012345601', '00123456')
    """
    number = alphanumeric(_ISSUER.sub("", fold(text)))
    mended = as_digits(number)
    return mended if _SHAPE.fullmatch(mended) else number


def validate(number: str) -> tuple[Fault, ...]:
    """The rules that a compact number breaks; empty for a valid one.

    >>> validate("00123456"), validate("0012345601"), validate("0012345")
    ((), (), (<Fault.LENGTH: 'length'>,))
    """
    if _SHAPE.fullmatch(number):
        return ()
    return (Fault.CHARACTERS,) if len(number) in (8, 10) else (Fault.LENGTH,)


def has_issuer(folded: str) -> bool:
    """Whether a folded text ends in the issuing office's letter in brackets, as nothing else does."""
    return _WITH_ISSUER.fullmatch(folded) is not None


def read(number: str, declared: IdType) -> Document:
    """A compact number as a document. The key is the lifelong part."""
    faults = validate(number)
    lifelong = number if faults else number[:_LIFELONG]
    document = unchecked(IdType.TAIWAN_TRAVEL_PERMIT, declared, f"TW:{lifelong}", faults)
    return replace(document, issue=number[len(lifelong) :])
