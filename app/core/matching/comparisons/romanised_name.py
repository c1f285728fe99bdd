"""Comparing a Han name with one in Latin letters that may spell it."""

from app.core.identity.names.cantonese import cantonese_spellings
from app.core.identity.names.name import Name
from app.core.identity.names.pinyin import is_pinyin, mandarin_spellings, passport_spellings, spells
from app.core.identity.tables import Readings, ReferenceTables
from app.core.matching.comparisons.name_level import NameLevel

Parts = tuple[str, ...]


def compare_romanised(han: Name, latin: Name, tables: ReferenceTables) -> NameLevel:
    """The level of a Han name (left) and a Latin one (right).

    The Latin parts are cut in two at every place, and either half may be the surname. Where they spell
    neither half, a name in pinyin is another name, and any other (DAVID SMITH) says nothing of a Han name.
    """
    if not han.surname:
        return _compare_unsplit(han, latin)
    if len(latin.parts) == 1:
        return _compare_single(han, latin.parts[0], tables)
    levels = (_compare_halves(han, surname, given, tables) for surname, given in _halves(latin.parts))
    return min(levels, key=_BEST_FIRST.index)


_BEST_FIRST = (
    NameLevel.ROMANISED,
    NameLevel.ROMANISED_PARTIAL,
    NameLevel.GIVEN_ONLY,
    NameLevel.SURNAME_ONLY,
    NameLevel.DIFFERENT,
    NameLevel.MISSING,
)


def _halves(parts: Parts) -> list[tuple[Parts, Parts]]:
    cuts = [(parts[:i], parts[i:]) for i in range(1, len(parts))]
    return cuts + [(given, surname) for surname, given in cuts]


def _compare_halves(han: Name, surname: Parts, given: Parts, tables: ReferenceTables) -> NameLevel:
    family, personal = "".join(surname), "".join(given)
    same_surname = _spells_surname(family, han, tables)
    same_given = _spells_given(personal, han, tables)
    if same_surname and (same_given or _spells_given_among(given, han, tables)):
        return NameLevel.ROMANISED
    if same_surname:
        in_pinyin = len(given) <= 2 and _are_pinyin(given, tables) and _is_pinyin_of_surname(family, han)
        return NameLevel.SURNAME_ONLY if in_pinyin else NameLevel.ROMANISED_PARTIAL
    if same_given:
        return NameLevel.GIVEN_ONLY if family in tables.pinyin_surnames else NameLevel.ROMANISED_PARTIAL
    in_pinyin = family in tables.pinyin_surnames and _are_pinyin(given, tables)
    return NameLevel.DIFFERENT if in_pinyin else NameLevel.MISSING


def _compare_single(han: Name, letters: str, tables: ReferenceTables) -> NameLevel:
    """One unbroken word: WANGXIAOMING, XIAOMINGWANG, or only a part of the name."""
    cuts = [(letters[:i], letters[i:]) for i in range(1, len(letters))]
    for one, other in cuts + [(other, one) for one, other in cuts]:
        if _spells_surname(one, han, tables) and _spells_given(other, han, tables):
            return NameLevel.ROMANISED
    if _spells_surname(letters, han, tables) or _spells_given(letters, han, tables):
        return NameLevel.ROMANISED_PARTIAL
    return NameLevel.MISSING


def _compare_unsplit(han: Name, latin: Name) -> NameLevel:
    """Names of minorities in pinyin, character by character; other spellings follow their own tongue."""
    characters, parts = _pinyin(han.given_readings), latin.parts
    if any(spells("".join(parts[i:] + parts[:i]), characters) for i in range(len(parts))):
        return NameLevel.ROMANISED
    first = len(han.parts[0])
    own, family = characters[:first], characters[first:]
    partial = bool(family) and any(spells(part, own) or spells(part, family) for part in parts)
    return NameLevel.ROMANISED_PARTIAL if partial else NameLevel.MISSING


def _spells_surname(letters: str, han: Name, tables: ReferenceTables) -> bool:
    """Each character in any spelling: CHAN FANG is a double surname, half Cantonese and half Mandarin."""
    if letters in tables.romanisations.get(han.surname, ()):
        return True
    characters = zip(han.surname, han.surname_readings, strict=True)
    return spells(
        letters, tuple([_surname_spellings(char, readings, tables) for char, readings in characters])
    )


def _surname_spellings(char: str, readings: Readings, tables: ReferenceTables) -> Parts:
    known = tuple(tables.romanisations.get(char, ()))
    return mandarin_spellings(readings) + cantonese_spellings(tables.cantonese.get(char, ())) + known


def _is_pinyin_of_surname(letters: str, han: Name) -> bool:
    return spells(letters, [passport_spellings(readings[0]) for readings in han.surname_readings if readings])


def _spells_given(letters: str, han: Name, tables: ReferenceTables) -> bool:
    return spells(letters, _pinyin(han.given_readings)) or spells(letters, _cantonese(han.given, tables))


def _spells_given_among(given: Parts, han: Name, tables: ReferenceTables) -> bool:
    """TAI MAN DAVID, DAVID XIAOMING: the Han given name and another beside it."""
    runs = ("".join(given[i:j]) for i in range(len(given)) for j in range(i + 1, len(given) + 1))
    return len(given) > 1 and any(_spells_given(run, han, tables) for run in runs)


def _pinyin(readings: tuple[Readings, ...]) -> tuple[Parts, ...]:
    return tuple([mandarin_spellings(of_character) for of_character in readings])


def _cantonese(characters: str, tables: ReferenceTables) -> tuple[Parts, ...]:
    return tuple([cantonese_spellings(tables.cantonese.get(char, ())) for char in characters])


def _are_pinyin(parts: Parts, tables: ReferenceTables) -> bool:
    return all(is_pinyin(part, tables.syllables) for part in parts)
