"""Basic data beside the five identity elements: what a customer center keeps, how sure each value is."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.identity.dates import parse_birth_date
from app.core.identity.documents.document import IdType
from app.core.identity.failure import InvalidElement, InvalidElements
from app.core.index.codes import BLOOD_TYPE, EDUCATION, ETHNICITY, MARITAL_STATUS, NOT_STATED
from app.core.index.countries import COUNTRIES


class Verification(StrEnum):
    """How a value was verified, the surest first."""

    CARD_READ = "card_read"
    DOCUMENT_SEEN = "document_seen"
    SELF_REPORTED = "self_reported"


@dataclass(frozen=True, slots=True)
class Attribute:
    """One value of one field, in its normal form. `kind` tells values of one field apart (`mobile`, `home`;
    of a document its ID type)."""

    field: str
    value: str
    kind: str | None = None
    verification: Verification = Verification.SELF_REPORTED


@dataclass(frozen=True, slots=True)
class Field:
    """A field of basic data: how a value is read (None: nothing is known), what would be right, and whether a
    person may have several at once."""

    name: str
    expected: str
    read: Callable[[str, date], str | None]
    many: bool = False
    kinds: frozenset[str] = frozenset()
    kind_needed: bool = False


MOST_VALUES = 20
"""How many values of one field a record may hold."""
_LONGEST_TEXT = 300
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_PHONE = re.compile(r"\+?\d{5,20}")
_EMAIL = re.compile(r"[^\s@,;<>]{1,64}@[^\s@,;<>.]+(\.[^\s@,;<>.]+)+")


class _Unfit(ValueError):  # noqa: N818 - says what the value is
    """A text that is no value of its field."""


def read_attributes(given: Mapping[str, object], today: date) -> tuple[Attribute, ...]:
    """The values in the order of `FIELDS`, each once; what is null, blank or "not stated" is left out.

    A value is a text, or an object `{value, kind?, verification?}`; fields that allow many take a list, too.
    Raises InvalidElements naming each field at fault (`attributes.phones`) and what would be right.
    """
    failures = [
        InvalidElement("attributes", "unknown_field", f"one of {', '.join(FIELDS)}")
        for name in given
        if name not in FIELDS
    ][:1]
    found: list[Attribute] = []
    for name, field in FIELDS.items():
        try:
            found += dict.fromkeys(_values(field, given.get(name), today))
        except _Unfit as wrong:
            failures.append(InvalidElement(f"attributes.{name}", "invalid", str(wrong) or field.expected))
    if failures:
        raise InvalidElements(failures)
    return tuple(found)


def read_verification(value: object, field: str = "verification") -> Verification | None:
    """A verification level, or None where none is said. Raises InvalidElement."""
    if value is None or value == "":
        return None
    try:
        return Verification(str(value).strip().lower())
    except ValueError:
        raise InvalidElement(field, "invalid", f"one of {', '.join(Verification)}") from None


def _values(field: Field, given: object, today: date) -> Iterator[Attribute]:
    several = given if isinstance(given, list | tuple) else [given]
    if len(several) > (MOST_VALUES if field.many else 1):
        raise _Unfit(f"at most {MOST_VALUES} values" if field.many else "one value")
    for one in several:
        wrapped = one if isinstance(one, Mapping) else {"value": one}
        if (attribute := _value(field, wrapped, today)) is not None:
            yield attribute


def _value(field: Field, given: Mapping[str, object], today: date) -> Attribute | None:
    raw = given.get("value")
    if isinstance(raw, int) and not isinstance(raw, bool):
        raw = str(raw)
    if raw is None:
        return None
    if not isinstance(raw, str):
        raise _Unfit
    if len(raw) > _LONGEST_TEXT or _FORBIDDEN.search(raw):
        raise _Unfit(f"at most {_LONGEST_TEXT} characters, none of them control characters")
    value = field.read(raw.strip(), today) if raw.strip() else None
    kind = _kind(field, given.get("kind"))
    try:
        level = read_verification(given.get("verification"))
    except InvalidElement as wrong:
        raise _Unfit(f"verification: {wrong.expected}") from None
    return Attribute(field.name, value, kind, level or Verification.SELF_REPORTED) if value else None


def _kind(field: Field, given: object) -> str | None:
    if given is None and not field.kind_needed:
        return None
    if not isinstance(given, str) or given not in field.kinds:
        known = ", ".join(sorted(field.kinds))
        raise _Unfit(f"kind: one of {known}" if known else "a value without a kind")
    return given


def _text(text: str, _: date) -> str:
    return " ".join(text.split())


def _phone(text: str, _: date) -> str:
    """International form for what is plainly a mainland mobile; otherwise the digits."""
    digits = re.sub(r"[\s()./-]", "", unicodedata.normalize("NFKC", text))
    digits = f"+{digits[2:]}" if digits.startswith("00") else digits
    if _MOBILE.fullmatch(digits):
        return f"+86{digits}"
    if not _PHONE.fullmatch(digits):
        raise _Unfit
    return digits


def _email(text: str, _: date) -> str:
    local, _at, domain = text.rpartition("@")
    if len(text) > 254 or not _EMAIL.fullmatch(text):
        raise _Unfit
    return f"{local}@{domain.lower()}"


def _coded(field: str, table: Mapping[str, str]) -> Callable[[str, date], str | None]:
    """Reads a code, or the word that stands for it."""
    words = {word: code for code, word in table.items()}
    width = max(map(len, table))

    def read(text: str, _: date) -> str | None:
        """The code; None where it says "not stated". Raises `_Unfit` for what the table does not know."""
        word = unicodedata.normalize("NFKC", text).upper().removesuffix("型")
        if word in words:
            return words[word]
        code = word.zfill(width)
        if code in NOT_STATED.get(field, ()):
            return None
        if code in table:
            return code
        if f"{word}族" in words:
            return words[f"{word}族"]
        raise _Unfit

    return read


def _country(text: str, _: date) -> str:
    code = COUNTRIES.get(unicodedata.normalize("NFKC", text).upper())
    if code is None:
        raise _Unfit
    return code


def _day(text: str, today: date) -> str | None:
    try:
        day = parse_birth_date(text, today)
    except InvalidElement as wrong:
        raise _Unfit(wrong.expected) from None
    return day.isoformat() if day else None


_ID_TYPES = frozenset(IdType)

FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        Field(
            "phones",
            "a telephone number of 5 to 20 digits, with + before a country code",
            _phone,
            many=True,
            kinds=frozenset({"mobile", "home", "work", "emergency"}),
        ),
        Field(
            "addresses",
            "an address in words",
            _text,
            many=True,
            kinds=frozenset({"home", "registered", "work", "temporary"}),
        ),
        Field(
            "emails", "an address like name@example.org", _email, many=True, kinds=frozenset({"home", "work"})
        ),
        Field("nationality", "a code of ISO 3166-1 (GB/T 2659.1), of two or three letters", _country),
        Field("ethnicity", "a code of GB/T 3304 (01 to 56), or its name", _coded("ethnicity", ETHNICITY)),
        Field("marital_status", "a code of GB/T 2261.2 (10 …)", _coded("marital_status", MARITAL_STATUS)),
        Field("blood_type", "A, B, O, AB or a code of CV04.50.005 (1 …)", _coded("blood_type", BLOOD_TYPE)),
        Field("occupation", "an occupation in words", _text),
        Field("education", "a code of GB/T 4658 (10 …), or its name", _coded("education", EDUCATION)),
        Field("deceased_date", "a day, as YYYY-MM-DD", _day),
        Field("former_names", "a name", _text, many=True),
        Field("documents", "a document number", _text, many=True, kinds=_ID_TYPES, kind_needed=True),
    )
}
"""Every field, in the order in which values are kept. (`deceased` stands beside them: it decides access.)"""
