"""The characters of a document number: width, spaces, signs, and labels typed in front of it."""

import re
import unicodedata

# Signs and foreign letters that stand for the check character X, which NFKC leaves alone.
_TYPED_X = dict.fromkeys("×✕✖✗✘╳ⅩХχΧ", "X")
_TRADITIONAL = {"號": "号", "證": "证", "軍": "军"}
_TRANSLATION = str.maketrans(_TYPED_X | _TRADITIONAL)
_LABEL = re.compile(
    r"^(?:[\u4e00-\u9fff]{1,12}[证照簿本]件?(?:号码|编号|号)?|(?:证件)?号码?|[A-Z]{2,8}(?:\s*(?:NO|NUMBER))?\.?(?=\s*[:#])|NO\.)"
    r"\s*[:#]?\s*(?=[0-9A-Z]|[\u4e00-\u9fff]{1,3}字)"
)
_SPREADSHEET_FRACTION = re.compile(r"(?<=[0-9])\.0$")


def fold(text: str) -> str:
    """Half-width upper case, without spaces, dashes, quotes and a label in front; brackets and `*` stay.

    Only what is certain is changed: a letter O among digits stays, since only a format can say what it was.

    >>> fold("１１０１０３-１９４９　０３１５００１ｘ"), fold("身份证号：e12 345678")
    ('11010319490315001X', 'E12345678')
    """
    if text.isascii() and text.isalnum():
        return text.upper()
    # Translated before NFKC too, which would take the Roman numeral ten apart into a plain X anyway.
    wide = unicodedata.normalize("NFKC", text.translate(_TRANSLATION)).upper().translate(_TRANSLATION)
    unlabelled = _SPREADSHEET_FRACTION.sub("", _LABEL.sub("", wide.strip()))
    return "".join(_plain(character) for character in unlabelled if character.isalnum() or character in "()*")


def _plain(character: str) -> str:
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


def alphanumeric(text: str) -> str:
    """`fold`, without what is left of brackets and signs: the form of most formats."""
    folded = fold(text)
    return folded if folded.isalnum() else "".join(character for character in folded if character.isalnum())


# What a digit is misread as, and the other way round where a format allows no letter.
_DIGITS = str.maketrans("OQDILZSGB", "000112568")


def as_digits(text: str) -> str:
    """Letters that are read for digits made digits: for places where a format has no letters.

    >>> as_digits("11O1O3l9490315OO1X".upper())
    '11010319490315001X'
    """
    return text.translate(_DIGITS)
