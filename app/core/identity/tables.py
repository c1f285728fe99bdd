"""Reference tables as the core sees them. They are arguments everywhere: the core reads no file."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.identity.documents.document import IdType

Readings = tuple[str, ...]
"""The toneless pinyin readings of one Han character, the usual one first; ü is written v."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)  # nobody reads a repr of ten thousand rows
class ReferenceTables:
    """Facts about names and codes. Compared and hashed by identity, so that caches can be keyed by it.

    `folds` maps (as `str.translate` does) traditional, yiti and glyph variants to the character of the
    standard list; `private_use` maps legacy private-use code points to their Unicode characters.
    `name_distinct` holds, for a character, those that were once its variants but are names of their own
    today (喆/哲); `folk_surnames` the surnames that registrars wrote for one another (萧/肖).
    `readings` are a character's in any word, `surname_readings` (per character) those it has as a surname.
    `cantonese` holds a character's readings in toneless Jyutping, the usual one first.
    `syllables` are those of toneless pinyin, ü written v, u or yu.
    `pinyin_surnames` are the known surnames as passports spell them.
    `surname_shares` tells how many people in a million bear a surname; its keys are the known surnames.
    `romanisations` are the spellings of a surname outside pinyin (Hong Kong, Singapore, Korea, Viet Nam …).
    `look_alikes` maps a pair of characters (joined, in code point order) to a likeness in 0–1.
    `id_types` maps the codes and names of ID types to the type.
    """

    folds: Mapping[int, str]
    private_use: Mapping[int, str]
    name_distinct: Mapping[str, frozenset[str]]
    folk_surnames: Mapping[str, frozenset[str]]
    readings: Mapping[str, Readings]
    cantonese: Mapping[str, Readings]
    surname_readings: Mapping[str, tuple[Readings, ...]]
    syllables: frozenset[str]
    pinyin_surnames: frozenset[str]
    surname_shares: Mapping[str, float]
    romanisations: Mapping[str, frozenset[str]]
    look_alikes: Mapping[str, float]
    id_types: Mapping[str, IdType]
