"""Certificates of military officers, soldiers and civilian cadres (军官证, 士兵证, 文职干部证).

A character of the issuing body, 字第, four to eight letters or digits, 号. Partners drop
any of the fixed words.
"""

import re

from app.core.identity.documents.characters import alphanumeric
from app.core.identity.documents.document import Document, Fault, IdType
from app.core.identity.documents.unchecked import unchecked

_SHAPE = re.compile(r"[\u4e00-\u9fff]{0,3}[0-9A-Z]{4,8}")
_WRITTEN_OUT = re.compile(r"[\u4e00-\u9fff]{1,3}?字第?[0-9A-Z]{4,8}号?")
_FIXED_WORDS = str.maketrans(dict.fromkeys("字第号"))


def compact(text: str) -> str:
    """The issuing body's character and the number, without the fixed words.

    >>> compact("兰字第 3536608号"), compact("兰字3536608")
    ('兰3536608', '兰3536608')
    """
    return alphanumeric(text).translate(_FIXED_WORDS)


def validate(number: str) -> tuple[Fault, ...]:
    """The rules that a compact number breaks; empty for a valid one.

    >>> validate("兰3536608"), validate("兰353")
    ((), (<Fault.LENGTH: 'length'>,))
    """
    if _SHAPE.fullmatch(number):
        return ()
    in_ascii = sum(character.isascii() for character in number)
    return (Fault.CHARACTERS,) if 4 <= in_ascii <= 8 else (Fault.LENGTH,)


def is_written_out(folded: str) -> bool:
    """Whether a folded text has the fixed words, as no other format does."""
    return _WRITTEN_OUT.fullmatch(folded) is not None


def read(number: str, declared: IdType) -> Document:
    """A compact number as a document."""
    return unchecked(IdType.MILITARY_OFFICER, declared, f"MIL:{number}", validate(number))
