"""Cantonese names in Latin letters, as Hong Kong's registration of persons writes them.

There is no standard: the Government's romanisation leaves tones, aspiration and vowel length out and
lets families keep their own spelling. The tables hold the usual spellings of each part of a syllable.
"""

import re
from functools import cache

_INITIALS = {
    "b": ("p",), "d": ("t", "d"), "g": ("k",), "gw": ("kw", "k"), "kw": ("kw", "k"), "z": ("ch", "ts", "j"),
    "c": ("ch", "ts"), "s": ("s", "sh"), "j": ("y",), "ng": ("ng", ""), "": ("", "ng"),
}  # fmt: skip
_FINALS = {
    "aa": ("a", "ah", "ar"), "e": ("e", "eh"), "i": ("i", "ee"), "o": ("o", "or"), "oe": ("eu",),
    "u": ("u", "oo"), "yu": ("yu", "u", "ue"), "ei": ("ei", "i", "ee", "ay"), "ou": ("o", "ou"),
    "eoi": ("ui", "oi"), "oi": ("oi", "oy"), "ui": ("ui",), "am": ("am", "um"), "an": ("an", "un"),
    "ap": ("ap", "up"), "oeng": ("eung", "ong"), "oek": ("euk", "eok"), "eon": ("un",), "eot": ("ut",),
    "un": ("un", "oon"), "yun": ("uen", "un", "yuen"), "yut": ("uet", "ut", "yuet"), "ik": ("ik", "ick"),
    "au": ("au", "ow"),
    "in": ("in", "een"), "ong": ("ong",), "ai": ("ai", "ay"), "ung": ("ung",), "ing": ("ing",),
}  # fmt: skip
_WHOLE = {
    "si": ("si", "sze", "sz", "see", "shi", "sy"), "zi": ("chi", "tsz", "tze", "gee", "ji", "chee"),
    "ci": ("chi", "tsz", "tze", "tse", "chee"), "ji": ("yi", "yee", "i", "ee", "yie"), "m": ("m", "ng"),
    "ng": ("ng",), "jyu": ("yu", "yue", "u"), "jyun": ("yuen", "un"), "jyut": ("yuet", "ut"),
}  # fmt: skip
_PARTS = re.compile("(gw|kw|ng(?=.)|[bpmfdtnlgkhwzcsj]?)(.*)")
_LONG_A = re.compile("^aa(?=.)")


@cache
def cantonese_spellings(readings: tuple[str, ...]) -> tuple[str, ...]:
    """How a character with these readings (toneless Jyutping) may be spelled.

    >>> "leung" in cantonese_spellings(("loeng",)), "tsang" in cantonese_spellings(("zang",))
    (True, True)
    """
    return tuple(dict.fromkeys(spelling for reading in readings for spelling in _spellings(reading)))


def _spellings(jyutping: str) -> tuple[str, ...]:
    if jyutping in _WHOLE:
        return _WHOLE[jyutping]
    found = _PARTS.fullmatch(jyutping)
    if found is None:
        return ()
    initial, final = found[1], found[2]
    starts = _INITIALS.get(initial, (initial,))
    ends = _FINALS.get(final) or (_LONG_A.sub("a", final),)
    return tuple(dict.fromkeys(start + end for start in starts for end in ends))
