"""Names that stand for somebody else: 张丽之子, 王芳大双, Baby of ZHANG LI for a child without a name yet,
张丽家属 for a relative whose name nobody wrote. To cut these back would make them the person named."""

import re

from app.core.identity.names.characters import DOT, HAN

_ORDER = "[甲乙丙大小一二三12AB]?$"
_CHILD = "长子|长女|次子|次女|大子|小子|大女|小女|男婴|女婴|大双|小双|双胞胎|双胎|新生儿|子|女|婴|儿|双|孩"
_INFANT = "婴儿|新生儿|男婴|女婴"
_CHILD_ALONE = (
    f"大双|小双|大宝|二宝|小宝|宝宝|宝贝|毛毛|大毛|小毛|{_INFANT}|儿子|女儿|孩子|双胎|双胞胎|bb|baby|nb"
)
_RELATIVE = (
    "家属|家人|亲属|家长|监护人|父亲|母亲|爸爸|妈妈|丈夫|妻子|老公|老婆|爱人|儿媳|女婿|护工|陪护|保姆"
    "|之父|之母|之夫|之妻"
)
_OF_MOTHER = re.compile(rf"([{HAN}{DOT}]{{2,30}})之(?:{_CHILD}){_ORDER}")
_OF_SURNAME = re.compile(rf"([{HAN}])(?:之(?:子|女|婴|长子|长女|次子|次女|{_INFANT})|{_INFANT}){_ORDER}")
_BEHIND_MOTHER = re.compile(rf"([{HAN}{DOT}]{{2,30}}?)[的 ]?(?:{_CHILD_ALONE}){_ORDER}")
_BEFORE_MOTHER = re.compile(f"(?:{_INFANT})([{HAN}{DOT}]{{2,30}})$")
_OF_RELATIVE = re.compile(rf"[{HAN}{DOT}]{{2,30}}的?(?:{_RELATIVE})$")
_IN_BRACKETS = re.compile(rf"(?:之(?:{_CHILD})|{_CHILD_ALONE}|{_RELATIVE}){_ORDER}", re.IGNORECASE)
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


def is_relative_of_named(folded: str) -> bool:
    """Whether the text names somebody's relative or carer (张丽家属), and so not the person meant."""
    return _OF_RELATIVE.match(folded) is not None


def is_of_another_person(remark: str) -> bool:
    """Whether a remark beside a name (之子, 大双, baby, 家属) says that another person is meant."""
    return _IN_BRACKETS.match(remark.strip()) is not None


def _first(text: str, patterns: tuple[re.Pattern[str], ...]) -> str | None:
    for pattern in patterns:
        if found := pattern.match(text):
            return found[1]
    return None
