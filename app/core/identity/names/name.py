"""A person's name as understood."""

from dataclasses import dataclass
from enum import StrEnum


class Script(StrEnum):
    """What a name is written in; names are compared in their own script."""

    HAN = "han"
    LATIN = "latin"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Name:
    """One name.

    `text` is the cleaned form (width, spaces, middle dots, private-use twins), still as written otherwise;
    `folded` the comparison form (Han: simplified, legal variants folded; Latin: case and diacritics folded,
    tokens joined by one space): equal `folded` is the same name.
    `surname` and `given` are in the folded form (Han, where they can be told apart; else `surname` is "").
    `parts` are the folded tokens (Han names with a middle dot, Latin names); one for a plain Han name.
    `surname_readings` and `given_readings` hold, per Han character, its toneless pinyin readings.
    `placeholder_for` is the mother's name in a newborn placeholder such as 张丽之子.
    """

    text: str
    script: Script
    folded: str
    surname: str
    given: str
    parts: tuple[str, ...]
    surname_readings: tuple[tuple[str, ...], ...] = ()
    given_readings: tuple[tuple[str, ...], ...] = ()
    placeholder_for: str | None = None
