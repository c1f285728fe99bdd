"""What registrars write around a name: titles, beds, brackets, counters. Cut, never guessed from."""

import re

from app.core.identity.names.characters import HAN
from app.core.identity.names.relatives import is_of_another_person

_OPEN, _CLOSE = "(\\[{【〔〖〈《「『", ")\\]}】〕〗〉》」』"
_WRAPPED = re.compile(rf"[{_OPEN}]([^{_OPEN}{_CLOSE}]+)[{_CLOSE}]")
_BRACKETED = re.compile(rf"\s*[{_OPEN}]([^{_CLOSE}]*)(?:[{_CLOSE}]|$)\s*")

_TITLES = (
    "先生|女士|小姐|太太|夫人|同志|老师|老師|医生|醫生|师傅|師傅|阿姨|大爷|大爺|大妈|大媽|奶奶|爷爷|爺爺"
)
_ROLES = (
    "老先生|老太太|老人家|老人|主任|教授|院长|院長|经理|經理|同学|同學|小朋友|患者|病人"
    "|遗体|遺體|逝者|之墓|之灵|之靈"
)
_BEHIND = re.compile(rf"(?<=[{HAN}]{{2}})\s*(?:{_ROLES}|{_TITLES})$")
_TITLE_BEHIND_SURNAME = re.compile(rf"(?<=[{HAN}])\s*(?:{_TITLES})$")
_BEFORE = re.compile(r"^(?:姓名\s*:\s*|患者\s*:?\s*|病人\s*:?\s*|逝者|亡者|死者|已故|先父|先母)(?=\S{2})")
_BED_BEFORE = re.compile(r"^\d{1,3}\s*[床号號]\s*(?=\S{2})")
_COUNTER = re.compile(rf"(?<=[{HAN}]{{2}})\s*[-_#]?\s*(?:\d+\s*[床号號]?|[A-Za-z])$")
_LATIN_BEFORE = re.compile(
    r"^(?:mr|mrs|ms|miss|mx|dr|prof|sir|madam|mme|mlle|herr|frau)(?:\.\s*|\s+)(?=\S)", re.IGNORECASE
)
_LATIN_BEHIND = re.compile(r"(?<=\w)[\s,]+(?:m\.?d|ph\.?d|esq)\.?$", re.IGNORECASE)
_HAN_CUTS = (_BEFORE, _BED_BEFORE, _COUNTER, _BEHIND)
_LATIN_CUTS = (_LATIN_BEFORE, _LATIN_BEHIND)


def cut_brackets(text: str) -> str:
    """Drops what stands in brackets: (住院), [VIP], (3床).

    A name wholly in brackets is taken out of them; so is a remark that another person is meant: 张丽(之子).
    """
    if wrapped := _WRAPPED.fullmatch(text):
        return wrapped[1].strip()
    return _BRACKETED.sub(_what_brackets_leave, text).strip()


def _what_brackets_leave(brackets: re.Match[str]) -> str:
    return brackets[1] if is_of_another_person(brackets[1]) else " "


def cut_around_han(text: str) -> str:
    """Drops titles, roles, beds and counters around a Han name that keeps two characters or more."""
    return _cut(text, _HAN_CUTS)


def cut_around_latin(text: str) -> str:
    """Drops `Mr.`, `Dr`, `PhD` and the like; Jr, Sr, II stay, for they tell a father from his son."""
    return _cut(text, _LATIN_CUTS)


def cut_title_behind_surname(text: str) -> str:
    """`李先生` → `李`: nothing but a surname is known. For the caller to check that it is one."""
    return _TITLE_BEHIND_SURNAME.sub("", text)


def _cut(text: str, cuts: tuple[re.Pattern[str], ...]) -> str:
    for cut in cuts:
        text = cut.sub("", text)
    return text.strip()
