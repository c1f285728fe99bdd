"""A document number as understood."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.identity.gender import Gender


class IdType(StrEnum):
    """ID types by name; the codes of WS 364.3 CV02.01.101 are data (adapters/reference)."""

    RESIDENT_ID_CARD = "resident_id_card"
    HOUSEHOLD_REGISTER = "household_register"
    PASSPORT = "passport"
    MILITARY_OFFICER = "military_officer"
    DRIVING_LICENCE = "driving_licence"
    HK_MACAU_TRAVEL_PERMIT = "hk_macau_travel_permit"
    TAIWAN_TRAVEL_PERMIT = "taiwan_travel_permit"
    BIRTH_CERTIFICATE = "birth_certificate"
    FOREIGN_PERMANENT_RESIDENCE = "foreign_permanent_residence"
    HK_MACAU_TAIWAN_RESIDENCE_PERMIT = "hk_macau_taiwan_residence_permit"
    OTHER = "other"


class Fault(StrEnum):
    """Which of its format's own rules a number breaks."""

    LENGTH = "length"
    CHARACTERS = "characters"
    CHECK_DIGIT = "check_digit"
    BIRTH_DATE = "birth_date"


@dataclass(frozen=True, slots=True)
class Document:
    """One document number.

    `id_type` is what the number *is* (a well-formed resident number under another label is a resident
    number); `declared` what the partner called it. `key` is the comparison key: the part of the number
    that stays the same for the holder's life (18 digits of a resident ID, first 9 of a Hong Kong permit, …).
    `valid` says whether the format's own rules hold (check digit, date); `failures` names those that do not.
    `birth_date` and `gender` are what the number itself says: a check on the entered fields, not new
    evidence. `unique` is False for numbers a family shares (a household register, a mobile phone, a number
    marked as a relative's): these never identify alone. `checked` says whether the number carries a check
    digit of its own, so that a slip in it cannot go unseen: True for the 18-digit numbers, False for a
    15-digit one (whose key has a check digit that we added) and all others. `issue` is what of the number
    changes when the document is issued again (a permit's count of renewals), "" where nothing does.

    The key is `<space>:<number>`; the space names what numbers it is unique among: `18` for resident IDs,
    residence permits and the 2023 permanent residence card, which share one numbering; `HM`, `TW`, `P`, `PR`,
    `MIL`, `BC`, `HR`, `DL`, `O` for the others.
    """

    id_type: IdType
    declared: IdType
    key: str
    valid: bool
    unique: bool
    failures: tuple[Fault, ...] = ()
    birth_date: date | None = None
    gender: Gender | None = None
    checked: bool = False
    issue: str = ""
