"""What a comparison answers: a level and why."""

from dataclasses import dataclass
from enum import StrEnum


class Element(StrEnum):
    """What is compared. ID type and number are compared as one: the document."""

    NAME = "name"
    GENDER = "gender"
    BIRTH_DATE = "birth_date"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How far one element agrees.

    `level` is a level's name in the model (`missing` where either side is missing); `why` a short English
    phrase a steward can read, with no value in it.
    """

    level: str
    why: str


MISSING = "missing"
