"""Blocking: the keys under which a record can be found again.

Two records are compared only if they share a key, so each rule is the guess that one particular thing was
written right; together they leave no single slip, and nearly no pair of slips, without a key in common. Names
stand in them as the letters of their readings, sorted: a homophone, a traditional character, another order of
the parts and a pinyin spelling all give the same value.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from itertools import islice, product

from app.core.identity.documents.document import Document
from app.core.identity.elements import IdentityElements
from app.core.identity.names.name import Name, Script
from app.core.matching.blocking_key import BlockingKey

DOCUMENT = "document"
DOCUMENT_HEAD = "document_head"
DOCUMENT_MIDDLE = "document_middle"
DOCUMENT_TAIL = "document_tail"
NAME = "name"
NAME_DATE = "name_date"
NAME_MONTH_DAY = "name_month_day"
NAME_UNDATED = "name_undated"
NAME_YEAR = "name_year"
OTHER_SCRIPT = "other_script"
PART_DATE = "part_date"

DOCUMENT_RULES = frozenset({DOCUMENT, DOCUMENT_HEAD, DOCUMENT_MIDDLE, DOCUMENT_TAIL})

_MOST_READINGS = 6
_MOST_PARTS = 4
_SHORTEST_IN_PIECES = 8
_OWN_SCRIPT = {Script.HAN: Script.HAN, Script.LATIN: Script.LATIN}
_OTHER_SCRIPT = {Script.HAN: Script.LATIN, Script.LATIN: Script.HAN}


def blocking_keys(elements: IdentityElements) -> tuple[BlockingKey, ...]:
    """The keys a record is stored under: at most about fifteen, each name in its first reading."""
    by_name = (NAME,) if elements.birth_date is not None else (NAME, NAME_UNDATED)
    named = [*_name_keys(elements, 1, by_name), *_script_key(elements, _OWN_SCRIPT)]
    return _distinct([*named, *_document_keys(elements)])


def probe_keys(elements: IdentityElements) -> tuple[BlockingKey, ...]:
    """The keys to look under: the stored ones, every other reading of the name, and the years beside a date
    near New Year (a lunar date is up to 59 days early, so it may fall into the year before). A name in Latin
    letters asks for all Han names of its birth date, and the other way round: CHAN TAI MAN is 陈大文.

    All records of a name are asked for only where no birth date narrows them.
    """
    by_name = (NAME_UNDATED,) if elements.birth_date is not None else (NAME,)
    named = _name_keys(elements, _MOST_READINGS, by_name)
    crossed = [
        *_neighbouring_years(elements),
        *_script_key(elements, _OTHER_SCRIPT),
        *_part_for_whole(elements),
    ]
    return _distinct([*named, *crossed, *_document_keys(elements)])


def _distinct(keys: list[BlockingKey]) -> tuple[BlockingKey, ...]:
    return tuple(dict.fromkeys(keys))


def _name_keys(elements: IdentityElements, most_readings: int, by_name: tuple[str, ...]) -> list[BlockingKey]:
    if elements.name is None:
        return []
    wholes = _whole_names(elements.name, most_readings)
    keys = [BlockingKey(rule, whole) for rule in by_name for whole in wholes]
    return keys + _dated_keys(elements.name, wholes, elements.birth_date, most_readings)


def _dated_keys(
    name: Name, wholes: tuple[str, ...], born: date | None, most_readings: int
) -> list[BlockingKey]:
    if born is None:
        return []
    day, year, month_day = born.isoformat(), f"{born.year}", f"{born:%m-%d}"
    keys = []
    for whole in wholes:
        keys.append(BlockingKey(NAME_DATE, f"{whole} {day}"))
        keys.append(BlockingKey(NAME_YEAR, f"{whole} {year}"))
        keys.append(BlockingKey(NAME_MONTH_DAY, f"{whole} {month_day}"))
    return keys + [BlockingKey(PART_DATE, f"{part} {day}") for part in _parts(name, most_readings)]


def _script_key(elements: IdentityElements, script_of: Mapping[Script, Script]) -> list[BlockingKey]:
    """The birth date beside a script, so that every spelling of a Han name in Latin letters is compared."""
    if elements.name is None or elements.birth_date is None or elements.name.script not in script_of:
        return []
    script = script_of[elements.name.script]
    return [BlockingKey(OTHER_SCRIPT, f"{script} {elements.birth_date.isoformat()}")]


def _part_for_whole(elements: IdentityElements) -> list[BlockingKey]:
    """买买提 asks for whoever has it as a part of the name, 买买提·吐尔逊 for whoever has one part alone:
    names of minorities are often given without the father's name or the second word.
    """
    name, born = elements.name, elements.birth_date
    if name is None or born is None or name.script is not Script.HAN:
        return []
    if len(name.parts) == 1:
        return [BlockingKey(PART_DATE, f"{whole} {born.isoformat()}") for whole in _whole_names(name, 1)]
    return [BlockingKey(NAME_DATE, f"{part} {born.isoformat()}") for part in _tokens(name)]


def _neighbouring_years(elements: IdentityElements) -> list[BlockingKey]:
    born = elements.birth_date
    if elements.name is None or born is None or 2 < born.month < 11:
        return []
    year = born.year + 1 if born.month > 2 else born.year - 1
    wholes = _whole_names(elements.name, _MOST_READINGS)
    return [BlockingKey(NAME_YEAR, f"{whole} {year}") for whole in wholes]


def _document_keys(elements: IdentityElements) -> list[BlockingKey]:
    """The number, and pieces of it beside a part of the name: a slip in the number leaves one intact."""
    document = elements.document
    if document is None:
        return []
    keys = [BlockingKey(DOCUMENT, document.key)]
    if elements.name is not None:
        near = _anchors(elements.name)
        pieces = _pieces(document)
        keys += [BlockingKey(rule, f"{piece} {part}") for rule, piece in pieces for part in near]
    return keys


def _pieces(document: Document) -> list[tuple[str, str]]:
    """Pieces of a number, counted from both ends, so that a dropped or doubled digit shifts only one of them.

    Of 18 digits the head keeps region, year and month, the tail the day, sequence and check digit; the middle
    bridges their border. A slip, even a swap across a border, always leaves one of the three as it was.
    """
    space, _, number = document.key.partition(":")
    if len(number) >= 16:
        middle = number[:10] + number[-4:]
        found = [(DOCUMENT_HEAD, number[:12]), (DOCUMENT_MIDDLE, middle), (DOCUMENT_TAIL, number[-6:])]
    elif len(number) >= _SHORTEST_IN_PIECES:
        found = [(DOCUMENT_HEAD, number[:4]), (DOCUMENT_TAIL, number[-4:])]
    else:
        return []
    return [(rule, f"{space}:{piece}") for rule, piece in found]


def _whole_names(name: Name, most: int) -> tuple[str, ...]:
    """The whole name as sorted letters, once for each way of reading it, the usual one first."""
    characters = (*name.surname_readings, *name.given_readings)
    if characters:
        return _spellings(characters, most)
    return (_sorted_letters("".join(name.parts) or name.folded),)


def _parts(name: Name, most: int) -> tuple[str, ...]:
    """The parts that a slip in another part leaves intact: surname and given name, or the tokens."""
    if name.script is Script.HAN and name.surname_readings and name.given_readings:
        found = (*_spellings(name.surname_readings, most), *_spellings(name.given_readings, most))
    else:
        tokens = name.parts[:_MOST_PARTS]
        found = _tokens(name)
        if len(tokens) > 2:  # a surname before or behind a given name that is written in syllables
            found += (_sorted_letters("".join(tokens[1:])), _sorted_letters("".join(tokens[:-1])))
    return tuple(dict.fromkeys(found))


def _tokens(name: Name) -> tuple[str, ...]:
    """The letters of each part that is more than an initial; of Han characters, in their usual readings."""
    parts = name.parts[:_MOST_PARTS]
    characters = name.surname_readings + name.given_readings
    if not characters:
        return tuple(_sorted_letters(part) for part in parts if len(part) > 1)
    readings = iter(characters)
    spelt = (_spellings(tuple(islice(readings, len(part))), 1)[0] for part in parts)
    return tuple(letters for letters in spelt if letters)


def _anchors(name: Name) -> tuple[str, ...]:
    """One or two parts of the name to stand beside a piece of a number: the surname, or the outer tokens."""
    if name.script is Script.HAN and name.surname_readings:
        return _spellings(name.surname_readings, 1)
    found = sorted({*_tokens(name), *(part for part in name.parts if len(part) == 1)})
    return tuple(dict.fromkeys((found[0], found[-1]))) if found else (_sorted_letters(name.folded),)


def _spellings(characters: tuple[tuple[str, ...], ...], most: int) -> tuple[str, ...]:
    ways = product(*(readings or ("",) for readings in characters))
    return tuple(dict.fromkeys(_sorted_letters("".join(way)) for way in islice(ways, most)))


@lru_cache(16_384)  # a name's parts stand in a dozen keys of each record, and surnames in a million records
def _sorted_letters(text: str) -> str:
    """The letters in alphabetical order; v as u and no y, so that ü is the same however it was spelt."""
    return "".join(sorted(c for c in text.replace("v", "u").replace("ü", "u") if c != "y" and c.isalnum()))
