"""Comparing two names in Latin letters, or two in another alphabet."""

import re
from collections.abc import Iterable, Sequence

from rapidfuzz.distance import OSA

from app.core.identity.names.name import Name
from app.core.identity.names.pinyin import is_pinyin
from app.core.identity.tables import ReferenceTables
from app.core.matching.comparisons.name_level import NameLevel

_SHORTEST_FOR_ONE_SLIP, _SHORTEST_FOR_TWO = 5, 10
_ICAO_TRANSLITERATION = re.compile("(?<=[aou])e|(?<=a)a")
_PASSPORT_U = re.compile("^([ln])yu$")

_SOUND_OF = {"ks": "x", "ph": "f", "ck": "k", "c": "k", "q": "k", "w": "v", "ff": "v", "z": "s"}
_SOUNDS = re.compile("ks|ph|ck|ff|[cqwz]")
_VOWELS_AND_DOUBLES = re.compile(r"[aeiouy]|(.)(?=\1)")
_FEWEST_CONSONANTS = 4  # with the first letter: MARIA and MARIO, JUAN and JEAN have fewer

Parts = tuple[str, ...]


def compare_alphabetic(left: Name, right: Name, tables: ReferenceTables) -> NameLevel:
    """The level of two names of one alphabet whose folded forms differ; symmetric."""
    return (
        _written_otherwise(left.parts, right.parts)
        or _abbreviated(left.parts, right.parts)
        or _spelled_otherwise(left.parts, right.parts, tables)
        or _by_part(left, right, tables)
    )


def _written_otherwise(left: Parts, right: Parts) -> NameLevel | None:
    """ANNA MARIA / ANNAMARIA, MÜLLER / MUELLER, LYU / LV; the same in another order."""
    a, b = _plain(left), _plain(right)
    joined = "".join(b)
    if "".join(a) == joined:
        return NameLevel.VARIANT
    if sorted(a) == sorted(b) or any("".join(a[i:] + a[:i]) == joined for i in range(1, len(a))):
        return NameLevel.REORDERED
    if any("".join(b[i:] + b[:i]) == "".join(a) for i in range(1, len(b))):
        return NameLevel.REORDERED
    return None


def _plain(parts: Parts) -> Parts:
    """Spellings of one letter made one: ICAO 9303 writes ä, ö, ü, å as AE, OE, UE, AA and pinyin ü as YU."""
    return tuple(_ICAO_TRANSLITERATION.sub("", _PASSPORT_U.sub(r"\1v", part)) for part in parts)


def _abbreviated(left: Parts, right: Parts) -> NameLevel | None:
    """Every part of the shorter stands in the longer, whole or as an initial, at least one of them whole."""
    if len(left) > len(right) or (len(left) == len(right) and left > right):
        left, right = right, left
    return NameLevel.ABBREVIATED if len(left) > 1 and _stands_in(left, right) else None


def _stands_in(shorter: Parts, longer: Parts) -> bool:
    rest, whole = list(longer), 0
    for part in sorted(shorter, key=len, reverse=True):
        found = next((other for other in rest if other == part), None)
        if found is None:
            found = next((other for other in rest if _is_initial_of(part, other)), None)
        if found is None:
            return False
        rest.remove(found)
        whole += found == part and len(part) > 1
    return whole > 0


def _is_initial_of(part: str, other: str) -> bool:
    return (len(part) == 1 and other.startswith(part)) or (len(other) == 1 and part.startswith(other))


def _spelled_otherwise(left: Parts, right: Parts, tables: ReferenceTables) -> NameLevel | None:
    """One or two slips. In a short name and in pinyin (LI MIN, LI MING) nothing tells a slip from a name."""
    slips = min(_slips(left, right), _slips(sorted(left), sorted(right)))
    length = min(sum(map(len, left)), sum(map(len, right)))
    long_enough = length >= (_SHORTEST_FOR_ONE_SLIP if slips == 1 else _SHORTEST_FOR_TWO)
    alike = (slips <= 2 and long_enough) or _same_consonants(left, right)
    if alike and not _are_pinyin(left + right, tables):
        return NameLevel.SPELLING
    return NameLevel.ONE_DIFFERENT if slips == 1 and length > 2 else None


def _same_consonants(left: Parts, right: Parts) -> bool:
    """MUHAMMAD / MOHAMED, ALEKSANDR / ALEXANDER: one name transliterated twice differs in its vowels."""
    if len(left) != len(right):
        return False
    return all(
        x == y or (_consonants(x) == _consonants(y) and len(_consonants(x)) >= _FEWEST_CONSONANTS)
        for x, y in zip(left, right, strict=True)
    )


def _consonants(part: str) -> str:
    """The first letter and the consonants behind it, each once; those of one sound alike."""
    sounds = _SOUNDS.sub(lambda found: _SOUND_OF[found[0]], part)
    return sounds[:1] + _VOWELS_AND_DOUBLES.sub("", sounds[1:])


def _are_pinyin(parts: Iterable[str], tables: ReferenceTables) -> bool:
    return all(is_pinyin(part, tables.syllables) for part in parts)


def _slips(left: Sequence[str], right: Sequence[str]) -> int:
    return OSA.distance(" ".join(left), " ".join(right), score_cutoff=2)


def _by_part(left: Name, right: Name, tables: ReferenceTables) -> NameLevel:
    """Surnames by the comma where there is one; else pinyin has the surname first, other names last."""
    if left.surname and right.surname:
        if left.surname == right.surname:
            return NameLevel.SURNAME_ONLY
        return NameLevel.GIVEN_ONLY if left.given == right.given else NameLevel.DIFFERENT
    shared = set(left.parts) & set(right.parts)
    if not shared or max(map(len, shared)) < 2:
        return NameLevel.DIFFERENT
    if left.parts[-1] == right.parts[-1] or len(left.parts) == 1 or len(right.parts) == 1:
        return NameLevel.SURNAME_ONLY
    given_first = left.parts[0] == right.parts[0] and not _are_pinyin(left.parts + right.parts, tables)
    return NameLevel.GIVEN_ONLY if given_first else NameLevel.SURNAME_ONLY
