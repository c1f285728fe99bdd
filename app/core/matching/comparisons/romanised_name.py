"""Comparing a Han name with one in Latin letters that may spell it."""

from app.core.identity.names.name import Name
from app.core.identity.names.pinyin import is_pinyin, spells
from app.core.identity.tables import ReferenceTables
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
    same_surname = _spells_surname("".join(surname), han, tables)
    same_given = spells("".join(given), han.given_readings)
    if same_surname and (same_given or _spells_given_among(given, han)):
        return NameLevel.ROMANISED
    if same_surname:
        other_given = len(given) <= 2 and _are_pinyin(given, tables)
        return NameLevel.SURNAME_ONLY if other_given else NameLevel.ROMANISED_PARTIAL
    if same_given:
        return NameLevel.GIVEN_ONLY if _are_pinyin(surname, tables) else NameLevel.ROMANISED_PARTIAL
    return NameLevel.DIFFERENT if _are_pinyin(surname + given, tables) else NameLevel.MISSING


def _compare_single(han: Name, letters: str, tables: ReferenceTables) -> NameLevel:
    """One unbroken word: WANGXIAOMING, XIAOMINGWANG, or only a part of the name."""
    if any(
        (_spells_surname(letters[:i], han, tables) and spells(letters[i:], han.given_readings))
        or (spells(letters[:i], han.given_readings) and _spells_surname(letters[i:], han, tables))
        for i in range(1, len(letters))
    ):
        return NameLevel.ROMANISED
    if _spells_surname(letters, han, tables) or spells(letters, han.given_readings):
        return NameLevel.ROMANISED_PARTIAL
    return NameLevel.DIFFERENT if _are_pinyin((letters,), tables) else NameLevel.MISSING


def _compare_unsplit(han: Name, latin: Name) -> NameLevel:
    """Names of minorities, spelled in pinyin character by character; other spellings follow the own tongue."""
    parts = latin.parts
    orders = [parts[i:] + parts[:i] for i in range(len(parts))]
    if any(spells("".join(order), han.given_readings) for order in orders):
        return NameLevel.ROMANISED
    first = len(han.parts[0])
    of_parts = (han.given_readings[:first], han.given_readings[first:])
    partial = len(han.parts) == 2 and any(spells(part, readings) for part in parts for readings in of_parts)
    return NameLevel.ROMANISED_PARTIAL if partial else NameLevel.MISSING


def _spells_surname(letters: str, han: Name, tables: ReferenceTables) -> bool:
    return letters in tables.romanisations.get(han.surname, ()) or spells(letters, han.surname_readings)


def _spells_given_among(given: Parts, han: Name) -> bool:
    """TAI MAN DAVID, DAVID XIAOMING: the Han given name and another beside it."""
    return any(
        spells("".join(given[i:j]), han.given_readings)
        for i in range(len(given))
        for j in range(i + 1, len(given) + 1)
    )


def _are_pinyin(parts: Parts, tables: ReferenceTables) -> bool:
    return all(is_pinyin(part, tables.syllables) for part in parts)
