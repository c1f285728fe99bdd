"""Masks for display (GB/T 35273): enough to recognise what one knows, too little to learn from.

Each mask takes the text as it was written, whatever it is, and never shows more than it names.
"""

import re

MASK = "*"
_DATE = re.compile(r"([12][0-9]{3})([-/.年]?)([0-9]{1,2})([-/.月]?)([0-9]{1,2})([日号]?)")
_SEPARATORS = frozenset(" ·•・-'’.,")
_SHORTEST_SHOWN = 8
_SHORTEST_SHOWN_WIDE = 15


def mask_name(text: str, surname_length: int = 1) -> str:
    """The surname of a Han name, the first letter of each token of another; `surname_length` is 2 for 欧阳.

    A single character is masked whole, and so is a Han name that would be shown whole.

    >>> mask_name("张伟"), mask_name("欧阳娜娜", 2), mask_name("SERGEI KIM"), mask_name("古丽娜尔·买买提")
    ('张*', '欧阳**', 'S***** K**', '古***·***')
    """
    tokens = re.split(r"(\s+)", text.strip())
    if not tokens[0].isascii():
        return _masked_behind(text.strip(), surname_length)
    return "".join(token if token.isspace() else _masked_behind(token, 1) for token in tokens)


def _masked_behind(text: str, shown: int) -> str:
    kept = shown if shown < sum(character not in _SEPARATORS for character in text) else 0
    hidden = (character if character in _SEPARATORS else MASK for character in text[kept:])
    return text[:kept] + "".join(hidden)


def mask_date(text: str) -> str:
    """The year of a date; anything that is no date is masked whole.

    >>> mask_date("1980-02-29"), mask_date("19800229"), mask_date("1980年2月29日"), mask_date("Feb 29")
    ('1980-**-**', '1980****', '1980年*月**日', '***')
    """
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return MASK * 3
    year, first, month, second, day, end = found.groups()
    return f"{year}{first}{MASK * len(month)}{second}{MASK * len(day)}{end}"


def mask_number(text: str) -> str:
    """The first three and last two characters of a national number; of a shorter one, the first and last two.

    Fewer than eight characters are masked whole. Width and spaces are not kept.

    >>> mask_number("110105194912310021"), mask_number("H12345678"), mask_number("1234567")
    ('110*************21', 'H******78', '*******')
    """
    number = "".join(character for character in text if character.isalnum())
    if len(number) < _SHORTEST_SHOWN:
        return MASK * len(number)
    head = 3 if len(number) >= _SHORTEST_SHOWN_WIDE else 1
    return number[:head] + MASK * (len(number) - head - 2) + number[-2:]
