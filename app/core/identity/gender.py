"""Gender codes (GB/T 2261.1, FHIR AdministrativeGender, plain Chinese)."""

import unicodedata
from enum import StrEnum

from app.core.identity.failure import InvalidElement


class Gender(StrEnum):
    """A known gender. Unknown (GB/T 2261.1 codes 0 and 9) is missing, so it has no member."""

    MALE = "male"
    FEMALE = "female"
    OTHER = "other"


_WORDS = {
    Gender.MALE: ("male", "m", "1", "男", "男性", "男士", "男孩", "男童", "男婴", "man", "boy", "♂"),
    Gender.FEMALE: ("female", "f", "2", "女", "女性", "女士", "女孩", "女童", "女婴", "woman", "girl", "♀"),
    Gender.OTHER: ("other", "o", "a", "ambiguous", "其他", "其它", "其他性别"),
}
# X and < are a passport's for unspecified (ICAO 9303), A and N those of HL7 table 0001.
# 5 and 6 are codes of GB/T 2261-1980 for a changed registration: neither old nor new value can be relied on.
_UNKNOWN = (
    *("", "unknown", "u", "0", "9", "5", "6"),
    *("x", "<", "n", "n/a", "na", "none", "null", "unspecified", "-", "--", "/", "?"),
    *("未知", "未知的性别", "未说明", "未说明的性别", "性别不详", "不详", "不明", "无"),
)
_CODES: dict[str, Gender | None] = {
    **{word: gender for gender, words in _WORDS.items() for word in words},
    **dict.fromkeys(_UNKNOWN),
}


def parse_gender(text: str | None) -> Gender | None:
    """Reads a gender; None where it is missing or unknown. Tolerates case, width and spaces.

    Takes the FHIR names, the codes of GB/T 2261.1-2003 (1, 2; 0 and 9 are unknown), HL7 v2 letters and
    Chinese words. Raises InvalidElement (`gender`) for anything else.

    >>> parse_gender(" 女 "), parse_gender("１"), parse_gender("0")
    (<Gender.FEMALE: 'female'>, <Gender.MALE: 'male'>, None)
    """
    if text is None:
        return None
    word = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    word = word.removesuffix(".0")  # a spreadsheet's number
    try:
        return _CODES[word]
    except KeyError:
        expected = "must be male, female, other or unknown; 1, 2, 0 or 9 of GB/T 2261.1; 男 or 女; or null"
        raise InvalidElement("gender", "unknown_gender", expected) from None
