"""Placeholders for children who have no name yet: 张丽之子, 王芳大双, baby of ZHANG LI."""

import re

from app.core.identity.names.characters import DOT, HAN

_ORDER = "[甲乙丙大小一二三12AB]?$"
_CHILD = "长子|长女|次子|次女|大子|小子|大女|小女|男婴|女婴|大双|小双|双胞胎|双胎|新生儿|子|女|婴|儿|双|孩"
_CHILD_ALONE = (
    "大双|小双|大宝|二宝|小宝|宝宝|毛毛|大毛|小毛|婴儿|新生儿|男婴|女婴|儿子|女儿|孩子|双胎|双胞胎|bb"
)
_OF_MOTHER = re.compile(rf"([{HAN}{DOT}]{{2,30}})之(?:{_CHILD}){_ORDER}")
_OF_SURNAME = re.compile(rf"([{HAN}])之(?:子|女|婴|长子|长女|次子|次女|男婴|女婴|新生儿){_ORDER}")
_BEHIND_MOTHER = re.compile(rf"([{HAN}{DOT}]{{2,30}}?)的?(?:{_CHILD_ALONE}){_ORDER}")
_BEFORE_MOTHER = re.compile(f"(?:新生儿|婴儿|女婴|男婴)([{HAN}{DOT}]{{2,30}})$")
_HAN = (_OF_MOTHER, _OF_SURNAME, _BEHIND_MOTHER, _BEFORE_MOTHER)
_LATIN = (
    re.compile(
        r"(?:new\s?born|baby|infant|b/o)(?:\s+(?:boy|girl|twin))?(?:\s+[ab12])?(?:\s+(?:of|to))?\s+(\w.*)$"
    ),
    re.compile(r"(\w.*?),?\s+(?:baby\s?(?:boy|girl)|newborn)(?:\s+[ab12])?$"),
)


def mother_of_newborn(folded: str) -> str | None:
    """The mother's name in a newborn's Han placeholder (given in simplified characters), else None.

    >>> mother_of_newborn("张丽之子"), mother_of_newborn("王芳大双"), mother_of_newborn("李小宝")
    ('张丽', '王芳', None)
    """
    return _first(folded, _HAN)


def mother_of_newborn_in_latin(text: str) -> str | None:
    """The same for English habits: `Baby of Zhang Li`, `B/O ZHANG LI`, `SMITH, BABY GIRL`."""
    return _first(text.casefold(), _LATIN)


def _first(text: str, patterns: tuple[re.Pattern[str], ...]) -> str | None:
    for pattern in patterns:
        if found := pattern.match(text):
            return found[1]
    return None
