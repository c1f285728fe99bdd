"""Spellings of Mandarin syllables outside dictionaries: passports, Wade-Giles, typing habits."""

import re
from collections.abc import Sequence
from functools import cache

_WADE_INITIALS = {"zh": "ch", "ch": "ch", "sh": "sh", "b": "p", "d": "t", "g": "k"}
_WADE_INITIALS |= {"j": "ch", "q": "ch", "x": "hs", "z": "ts", "c": "ts", "r": "j"}
_WADE_FINALS = {"ian": "ien", "ie": "ieh", "ue": "ueh", "ve": "ueh", "ong": "ung", "iong": "iung", "v": "u"}
_WADE_WHOLE_SYLLABLES = """
zi tzu|ci tzu|si szu ssu|zhi chih|chi chih|shi shih|ri jih|yi i yi|you yu|yan yen|ye yeh|yue yueh|yong yung
er erh|ge ko|ke ko|he ho|e o eh|duo to|tuo to|nuo no|luo lo|zuo tso|cuo tso|suo so|zhuo cho|ruo jo
gui kuei|kui kuei|guo kuo|jiong chiung|qiong chiung|xiong hsiung
"""
_WADE_WHOLE = {
    pinyin: tuple(wade)
    for pinyin, *wade in (
        line.split() for line in _WADE_WHOLE_SYLLABLES.replace("|", "\n").split("\n") if line
    )
}
"""Wade-Giles without apostrophes and diacritics, as passports of Taiwan print it."""
_LONGEST_SYLLABLE = 6
_SYLLABLE_PARTS = re.compile("(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?)(.*)")


@cache
def passport_spellings(reading: str) -> tuple[str, ...]:
    """How passports spell a toneless syllable (ü written v).

    Chinese passports print LYU and NYU for lü and nü since 2021 and LV, LU before; all of them live on.

    >>> passport_spellings("lv")
    ('lv', 'lu', 'lyu')
    """
    return (reading, reading.replace("v", "u"), reading.replace("v", "yu")) if "v" in reading else (reading,)


@cache
def mandarin_spellings(readings: tuple[str, ...]) -> tuple[str, ...]:
    """How a character with these readings is spelled: in pinyin, and in Wade-Giles as Taiwan's passports do.

    >>> mandarin_spellings(("xiao",))
    ('xiao', 'hsiao')
    """
    pinyin = (spelling for reading in readings for spelling in passport_spellings(reading))
    wade_giles = (spelling for reading in readings for spelling in _wade_giles(reading))
    return tuple(dict.fromkeys((*pinyin, *wade_giles)))


def _wade_giles(reading: str) -> tuple[str, ...]:
    if reading in _WADE_WHOLE:
        return _WADE_WHOLE[reading]
    found = _SYLLABLE_PARTS.fullmatch(reading)
    if found is None:
        return ()
    initial, final = found[1], found[2]
    return (_WADE_INITIALS.get(initial, initial) + _WADE_FINALS.get(final, final),)


def spells(letters: str, characters: Sequence[tuple[str, ...]], start: int = 0) -> bool:
    """Whether `letters[start:]` spells these characters, each by one of its spellings, all and in order.

    >>> spells("lyushan", (("lv", "lu", "lyu"), ("dan", "shan")))
    True
    """
    if not characters:
        return start == len(letters)
    for spelling in characters[0]:
        if letters.startswith(spelling, start) and spells(letters, characters[1:], start + len(spelling)):
            return True
    return False


def is_pinyin(letters: str, syllables: frozenset[str], start: int = 0) -> bool:
    """Whether `letters[start:]` is a run of whole pinyin syllables, so that it may be a Mandarin name.

    >>> is_pinyin("xiaoming", frozenset({"xiao", "ming"})), is_pinyin("smith", frozenset({"xiao", "ming"}))
    (True, False)
    """
    if start == len(letters):
        return start > 0
    ends = range(start + 1, min(start + _LONGEST_SYLLABLE, len(letters)) + 1)
    return any(letters[start:end] in syllables and is_pinyin(letters, syllables, end) for end in ends)


_MERGED_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("r", "l"), ("hu", "f"))


@cache
def heard_alike(reading: str) -> str:
    """A syllable with the contrasts gone that many speakers do not make.

    The south merges zh/z, ch/c, sh/s; n/l (and r/l) fall together from Sichuan to Jiangsu, -in/-ing,
    -en/-eng, -an/-ang from the Yangtze southwards, f/hu in Hunan, Fujian and the Hakka country.

    >>> heard_alike("lin") == heard_alike("ning"), heard_alike("fang") == heard_alike("huang")
    (True, True)
    """
    merged = reading[:-1] if reading.endswith("ng") and reading[-3] in "aei" else reading
    if merged == "hu":
        return "fu"
    for spoken, heard in _MERGED_INITIALS:
        if merged.startswith(spoken):
            return heard + merged[len(spoken) :]
    return merged
