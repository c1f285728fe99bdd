"""The characters of a name as typed: width, dots, spaces, invisible and unreadable characters."""

import re
import unicodedata
from collections.abc import Mapping

DOT = "·"
"""U+00B7, the middle dot between the parts of a name (GB/T 15834; the dot printed on identity cards)."""
UNREADABLE = "〓"
"""The geta mark (U+3013): stands for one character that some system lost or masked."""
IDEOGRAPHS = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
"""Inside a character class: Han characters, all planes."""
HAN = f"{IDEOGRAPHS}々{UNREADABLE}"
"""Han characters, the iteration mark and the mark for an unreadable one."""

_DOTS = "•‧∙⋅・･˙⸱ꞏ᛫·"  # NFKC unifies only the last of them, and turns U+02D9 into a combining mark
_BEFORE_FOLDING = str.maketrans(dict.fromkeys(_DOTS, DOT) | dict.fromkeys("\ufffd■□▇█▉◆◇●○◯☐", UNREADABLE))
_DROPPED = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]"
)
_SPACES = re.compile(r"\s+")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_PRIVATE_USE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")


def clean_characters(text: str, private_use: Mapping[int, str]) -> str:
    """One width (NFKC), one middle dot, one kind of space; invisible characters gone.

    Private-use code points become the characters they stood for before Unicode had them; those of unknown
    meaning, U+FFFD and the squares of a failed conversion become `UNREADABLE`.
    """
    if text.isascii():
        return _SPACES.sub(" ", _CONTROLS.sub("", text)).strip()
    folded = unicodedata.normalize("NFKC", _DROPPED.sub("", text.translate(_BEFORE_FOLDING)))
    known = folded.translate(private_use)
    return _SPACES.sub(" ", _CONTROLS.sub("", _PRIVATE_USE.sub(UNREADABLE, known))).strip()
