"""Names in Han characters: folding, surname and given name, readings."""

import re

from app.core.identity.names.characters import DOT, HAN, IDEOGRAPHS, UNREADABLE
from app.core.identity.names.tibetan import in_tibetan_words
from app.core.identity.tables import Readings, ReferenceTables

_DOT_BETWEEN = re.compile(rf"(?<=[{HAN}])\s*(?:{DOT}[{DOT}\s]*|[.\-‐‑–—。]+)\s*(?=[{HAN}])")
_REPEATED = re.compile(f"([{IDEOGRAPHS}])々+")
_GAP = re.compile(r"\s+")
_LOST = re.compile(rf"(?<=[{HAN}])[?*]|[?*](?=[{HAN}])")
_MASK = re.compile(rf"(?<=[{HAN}])[xX×]{{1,3}}(?=[{HAN}]|$)")
_LATIN_RUN = re.compile(rf"(?<=[{HAN}])[A-Za-z]{{2,}}")
_SOMEBODY = re.compile(rf"(?<=^[{HAN}])某{{1,2}}$|(?<=^[{HAN}])某(?=[{HAN}]$)")
_LONGEST_WITHOUT_PARTS = 4
_COMMON_SURNAME = 500.0  # ppm: about the 200 most common surnames, the ones that meet in double surnames


def tidy(text: str) -> str:
    """One middle dot between parts and none elsewhere, no spaces; lost and masked characters marked.

    A gap parts a name as a dot does only where the name is too long for a Chinese one: 阿依古丽 买买提.
    """
    text = _MASK.sub(
        lambda found: UNREADABLE * len(found[0]), _LOST.sub(UNREADABLE, _LOST.sub(UNREADABLE, text))
    )
    text = _SOMEBODY.sub(lambda found: UNREADABLE * len(found[0]), text)
    parts = [part for part in re.split(DOT, _DOT_BETWEEN.sub(DOT, text).strip(f"{DOT} .-")) if part]
    if len(parts) == 1:
        gapped = _GAP.split(parts[0])
        if len(gapped) > 1 and min(map(len, gapped)) > 1 and sum(map(len, gapped)) > _LONGEST_WITHOUT_PARTS:
            parts = gapped
    parts = [_GAP.sub("", part) for part in parts]
    return (DOT if sum(map(len, parts)) >= _LONGEST_WITHOUT_PARTS else "").join(parts)


def mark_pinyin(text: str, tables: ReferenceTables) -> str:
    """王yan → 王〓: a syllable typed for a rare character that the system could not hold."""
    return _LATIN_RUN.sub(lambda run: UNREADABLE if run[0].lower() in tables.syllables else run[0], text)


def fold_han(text: str, tables: ReferenceTables) -> str:
    """The comparison form, character by character: standard characters, 々 spelled out, letters lowered."""
    folded = text.translate(tables.folds)
    if "々" in folded:
        folded = _REPEATED.sub(lambda found: found[1] * len(found[0]), folded)
    return folded.lower() if any(char < "\u0250" for char in folded) else folded


def split_surname(folded: str, tables: ReferenceTables) -> tuple[str, str]:
    """(surname, given) of a Han name without middle dot; ("", name) where it is not a Chinese pattern.

    Compound surnames first (欧阳), then the double surnames of married women and of children with both
    parents' (范徐丽泰): four characters that begin with two common surnames.
    """
    length = len(folded)
    if length < 2:
        return "", folded
    if in_tibetan_words(folded):
        return "", folded
    if length > 2 and folded[:2] in tables.surname_shares:
        return folded[:2], folded[2:]
    if length > _LONGEST_WITHOUT_PARTS:
        return "", folded
    if length < _LONGEST_WITHOUT_PARTS:
        return folded[0], folded[1:]
    return _split_four(folded, tables)


def _split_four(folded: str, tables: ReferenceTables) -> tuple[str, str]:
    first, second = (tables.surname_shares.get(char, 0.0) for char in folded[:2])
    if first < 1.0:
        return "", folded
    width = 2 if min(first, second) >= _COMMON_SURNAME else 1
    return folded[:width], folded[width:]


def surname_readings(surname: str, tables: ReferenceTables) -> tuple[Readings, ...]:
    """Per character, as a surname: 单 is Shàn, 仇 Qiú, whatever these characters are elsewhere."""
    known = tables.surname_readings.get(surname)
    if known is not None:
        return known
    if len(surname) == 2:
        return surname_readings(surname[0], tables) + surname_readings(surname[1], tables)
    return given_readings(surname, tables)


def given_readings(given: str, tables: ReferenceTables) -> tuple[Readings, ...]:
    """Per character, every reading in use; none for a character without Mandarin reading."""
    readings = tables.readings
    return tuple([readings.get(char, ()) for char in given])
