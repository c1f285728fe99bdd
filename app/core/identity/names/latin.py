"""Names in Latin letters and in other alphabets: tokens without case, diacritics and punctuation."""

import re
import unicodedata

from app.core.identity.names.name import Script

_WITHOUT_DECOMPOSITION = "ß ss|ø o|æ ae|œ oe|đ d|ð d|ł l|þ th|ı i|ŋ n|ħ h|ə a"
_LETTERS = str.maketrans(dict(pair.split() for pair in _WITHOUT_DECOMPOSITION.split("|")))
_JOINED = re.compile(r"(?<=\w)['’‘ʼʻ`´ʹʿʾ](?=\w)")
_NOT_A_LETTER = re.compile(r"[\W\d_]+")
_NOT_A_LETTER_OR_MARK = re.compile(r"[^\w\u0300-\u036f\u0900-\u0dff\u0e00-\u0fff\u3099\u309a]+|[\d_]+")
_COMMA = re.compile(r"\s*,\s*")


def script_of(text: str) -> Script:
    """Latin if every letter is; other for any other letter. (Han names are told apart before.)"""
    letters = (char for char in text if char.isalpha())
    return (
        Script.LATIN
        if all(char.isascii() or "LATIN" in unicodedata.name(char, "") for char in letters)
        else Script.OTHER
    )


def fold_latin(text: str) -> str:
    """Lower-case tokens in a–z joined by one space: `O'Neil, Zoë-Anne` → `oneil zoe anne`."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
        text = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _tokens(text.casefold())


def fold_other(text: str) -> str:
    """Case folded, punctuation gone; marks that belong to the script stay."""
    return " ".join(_NOT_A_LETTER_OR_MARK.sub(" ", unicodedata.normalize("NFKC", text.casefold())).split())


def from_machine_readable(text: str) -> str:
    """`O<NEIL<<ANNA<MARIA<<<` → `O NEIL, ANNA MARIA`: the name at the foot of a passport (ICAO 9303)."""
    surname, _, given = text.partition("<<")
    halves = (" ".join(half.replace("<", " ").split()) for half in (surname, given))
    return ", ".join(half for half in halves if half)


def surname_before_comma(text: str) -> tuple[str, str] | None:
    """`KIM, SERGEI` → (`KIM`, `SERGEI`); None where no single comma parts the name."""
    halves = [half for half in _COMMA.split(text) if half]
    return (halves[0], halves[1]) if len(halves) == 2 else None


def _tokens(text: str) -> str:
    return " ".join(_NOT_A_LETTER.sub(" ", _JOINED.sub("", text)).split())
