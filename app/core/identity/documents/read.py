"""Which document a number is, whatever it was called."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Protocol

from app.core.identity.documents import (
    birth_certificate,
    driving_licence,
    foreign_permanent_residence,
    gb11643,
    hk_macau_travel_permit,
    household_register,
    military,
    other,
    passport,
    residence_permit,
    resident_id,
    taiwan_travel_permit,
)
from app.core.identity.documents.characters import alphanumeric, fold
from app.core.identity.documents.document import Document, Fault, IdType
from app.core.identity.documents.placeholder import is_placeholder
from app.core.identity.failure import InvalidElement

LONGEST_NUMBER = 64
# 4302…11(母): the number of somebody who came along, which the whole family may leave.
_OF_RELATIVE = re.compile("[父母爸妈夫妻儿女]|监护|家长|家属|配偶|代办|陪同")
# A resident number as it is written on the card, which nine of ten are: neither 8… nor 9…, as permits have.
_PLAIN = re.compile("[1-6][0-9]{16}[0-9X]")
_LONGEST_WITH_A_SLIP = gb11643.LENGTH + 1
# 居民身份证(二代), 护照号码
_BESIDE_A_TYPE = re.compile(r"\([^()]*\)|(?:号码?|號碼?)$")
_UNKNOWN_TYPES = frozenset({"", "unknown", "none", "null", "n/a", "无", "不详", "未知", "未提供"})


class _Format(Protocol):
    """What each format's module offers: `compact` gives the number without what is written around it,
    `validate` the rules that a compact number breaks, `read` the document that it is under that type."""

    def compact(self, text: str) -> str: ...
    def validate(self, number: str) -> tuple[Fault, ...]: ...
    def read(self, number: str, declared: IdType) -> Document: ...


_FORMATS: Mapping[IdType, _Format] = {
    IdType.RESIDENT_ID_CARD: resident_id,
    IdType.HOUSEHOLD_REGISTER: household_register,
    IdType.PASSPORT: passport,
    IdType.MILITARY_OFFICER: military,
    IdType.DRIVING_LICENCE: driving_licence,
    IdType.HK_MACAU_TRAVEL_PERMIT: hk_macau_travel_permit,
    IdType.TAIWAN_TRAVEL_PERMIT: taiwan_travel_permit,
    IdType.BIRTH_CERTIFICATE: birth_certificate,
    IdType.FOREIGN_PERMANENT_RESIDENCE: foreign_permanent_residence,
    IdType.HK_MACAU_TAIWAN_RESIDENCE_PERMIT: residence_permit,
    IdType.OTHER: other,
}
_NATIONAL = frozenset(
    {
        IdType.RESIDENT_ID_CARD,
        IdType.FOREIGN_PERMANENT_RESIDENCE,
        IdType.HK_MACAU_TAIWAN_RESIDENCE_PERMIT,
    }
)


def read_document(
    id_type_text: str | None,
    number_text: str | None,
    birth_date: date | None,
    type_codes: Mapping[str, IdType],
) -> Document | None:
    """Reads an ID type and number as one document; None where there is no number (see `is_placeholder`).

    `birth_date` is the entered one: it decides the century of a few 15-digit numbers, and a number field that
    holds just the date is empty. `type_codes` maps names and codes, in the form of `type_word`, to ID types.
    Any text is evidence, so a number that breaks its format's rules is a document with `failures`. Raises
    InvalidElement for a type nobody knows (`id_type`) and for more than 64 characters (`id_number`).
    """
    declared = read_id_type(id_type_text, type_codes)
    if number_text is None:
        return None
    if _PLAIN.fullmatch(number_text) and not gb11643.faults(number_text):
        return resident_id.read(number_text, declared or IdType.RESIDENT_ID_CARD, birth_date)
    if len(number_text) > LONGEST_NUMBER:
        raise InvalidElement("id_number", "too_long", f"must be at most {LONGEST_NUMBER} characters")
    text = number_text
    national = resident_id.compact(text)
    if len(national) > _LONGEST_WITH_A_SLIP and (within := gb11643.number_within(number_text)) is not None:
        national = text = within
    held = _is_national(national, declared)
    if not (held and len(national) == gb11643.LENGTH) and is_placeholder(text, birth_date):
        return None
    id_type = _national_kind(national) if held else _recognise(text, national, declared)
    chosen = _FORMATS[id_type]
    number = chosen.compact(text)
    if id_type is IdType.RESIDENT_ID_CARD:
        document = resident_id.read(number, declared or id_type, birth_date)
    else:
        document = chosen.read(number, declared or id_type)
    if document.unique and _OF_RELATIVE.search(number_text):
        return replace(document, unique=False)
    return document


def type_word(text: str) -> str:
    """The form in which the words and codes of ID types are looked up: half-width, lower case, no spaces,
    and not a spreadsheet's 1.0.

    >>> type_word(" ０１ "), type_word("Resident ID-card")
    ('01', 'resident_id_card')
    """
    plain = unicodedata.normalize("NFKC", text).casefold().strip().removesuffix(".0")
    words = plain.replace("-", " ").split()
    joiner = "_" if all(word.isascii() for word in words) else ""
    return joiner.join(words)


def read_id_type(text: str | None, type_codes: Mapping[str, IdType]) -> IdType | None:
    """Reads an ID type by name or code; None where it is missing. Raises InvalidElement (`id_type`)."""
    if text is None:
        return None
    if (known := type_codes.get(text)) is not None:
        return known
    word = type_word(text)
    if word in _UNKNOWN_TYPES:
        return None
    try:
        return type_codes[word] if word in type_codes else type_codes[_BESIDE_A_TYPE.sub("", word)]
    except KeyError:
        names = ", ".join(IdType)
        expected = f"must be one of {names}; a code of CV02.01.101 such as 01, 03 or 99; or null"
        raise InvalidElement("id_type", "unknown_id_type", expected) from None


def _recognise(text: str, national: str, declared: IdType | None) -> IdType:
    """What a number that is not a national one by its rules is: by an unmistakable shape, else as declared
    where its shape allows, else by a likely shape. `national` is the text as a national number would be
    compacted."""
    if (unmistakable := _unmistakable(fold(text))) is not None:
        return unmistakable
    named = declared is not None and declared is not IdType.OTHER and declared not in _NATIONAL
    if named and declared is not None and _fits(text, declared):
        return declared
    if (likely := _likely(alphanumeric(text), declared)) is not None:
        return likely
    if _is_broken_national(national, declared):
        return _broken_national_kind(national, declared)
    return declared or IdType.OTHER


def _fits(text: str, id_type: IdType) -> bool:
    chosen = _FORMATS[id_type]
    return not chosen.validate(chosen.compact(text))


def _is_national(number: str, declared: IdType | None) -> bool:
    """Whether a number holds by the rules of GB 11643. Fifteen digits hold by their date alone, which one
    number in thirty does by chance: under other labels they must begin with a region too."""
    if resident_id.validate(number):
        return False
    return len(number) == gb11643.LENGTH or declared is IdType.RESIDENT_ID_CARD or number[0] in "123456"


def _national_kind(number: str) -> IdType:
    if len(number) == gb11643.LENGTH:
        if number.startswith(residence_permit.REGIONS):
            return IdType.HK_MACAU_TAIWAN_RESIDENCE_PERMIT
        if number.startswith("9"):
            return IdType.FOREIGN_PERMANENT_RESIDENCE
    return IdType.RESIDENT_ID_CARD


def _unmistakable(folded: str) -> IdType | None:
    if hk_macau_travel_permit.has_renewals(folded):
        return IdType.HK_MACAU_TRAVEL_PERMIT
    if taiwan_travel_permit.has_issuer(folded):
        return IdType.TAIWAN_TRAVEL_PERMIT
    if foreign_permanent_residence.is_old(folded):
        return IdType.FOREIGN_PERMANENT_RESIDENCE
    return IdType.MILITARY_OFFICER if military.is_written_out(folded) else None


def _likely(number: str, declared: IdType | None) -> IdType | None:
    """The kind whose shape the number has, for shapes that few other formats share."""
    if not hk_macau_travel_permit.validate(number):
        return IdType.HK_MACAU_TRAVEL_PERMIT
    if passport.is_distinctive(number):
        return IdType.PASSPORT
    if not birth_certificate.validate(number):
        return IdType.BIRTH_CERTIFICATE
    if declared is None and not taiwan_travel_permit.validate(number):
        return IdType.TAIWAN_TRAVEL_PERMIT
    return None


def _is_broken_national(number: str, declared: IdType | None) -> bool:
    """Whether a number that breaks the rules was meant as one of GB 11643: no other format is that long."""
    if declared in _NATIONAL:
        return True
    if not 16 <= len(number) <= 19 or sum(character.isdigit() for character in number) < 14:
        return False
    return declared not in (None, IdType.OTHER) or number[6:8] in ("18", "19", "20")


def _broken_national_kind(number: str, declared: IdType | None) -> IdType:
    if number.startswith(residence_permit.REGIONS):
        return IdType.HK_MACAU_TAIWAN_RESIDENCE_PERMIT
    return declared if declared is not None and declared in _NATIONAL else IdType.RESIDENT_ID_CARD
