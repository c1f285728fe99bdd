"""Residence permits of Hong Kong, Macau and Taiwan residents (港澳台居民居住证).

Numbered as resident IDs, with 810000, 820000 or 830000 for the region (国办发〔2018〕81号, article 3). The
number stays with its holder for life.
"""

import re

from app.core.identity.documents import gb11643
from app.core.identity.documents.document import Document, Fault, IdType
from app.core.identity.documents.resident_id import compact

__all__ = ["REGIONS", "compact", "read", "validate"]

REGIONS = ("810000", "820000", "830000")
_SHAPE = re.compile(r"8[123]0000")


def validate(number: str) -> tuple[Fault, ...]:
    """The rules that a compact number breaks; empty for a valid one.

    >>> validate("810000199408230021"), validate("110105199408230021")
    ((), (<Fault.CHARACTERS: 'characters'>, <Fault.CHECK_DIGIT: 'check_digit'>))
    """
    faults = gb11643.faults(number)
    return faults if _SHAPE.match(number) else tuple(dict.fromkeys((Fault.CHARACTERS, *faults)))


def read(number: str, declared: IdType) -> Document:
    """A compact number as a document. The whole number is the key."""
    faults = validate(number)
    return Document(
        id_type=IdType.HK_MACAU_TAIWAN_RESIDENCE_PERMIT,
        declared=declared,
        key=f"18:{number}",
        valid=not faults,
        unique=True,
        failures=faults,
        birth_date=None if faults else gb11643.birth_date(number),
        gender=None if faults else gb11643.gender(number),
        checked=True,
    )
