"""Doubts: what keeps a candidate from being taken automatically, whatever the score.

A score says how rare the agreement is among strangers. The people most often taken for one another are no
strangers: twins share surname, birth date and half a name, families apply for neighbouring passports,
children come with a parent's card, and thirteen people named 张伟 are born on any day. So a match also needs
evidence that none of them could share: a number that is the person's own, and a name and a birth date that
agree with it. What is enough beside what is the table `_ENOUGH`.
"""

from enum import IntEnum, StrEnum

from app.core.identity.documents.document import Document
from app.core.identity.elements import IdentityElements
from app.core.identity.names.characters import UNREADABLE
from app.core.identity.names.name import Name, Script
from app.core.matching.comparisons.birth_date import BirthDateLevel
from app.core.matching.comparisons.document import DocumentLevel
from app.core.matching.comparisons.gender import GenderLevel
from app.core.matching.comparisons.name import NameLevel
from app.core.matching.score import Comparisons
from app.core.matching.veto import YOUNGEST_PARENT


class Doubt(StrEnum):
    """Why a steward must look; the answer's reasons."""

    NO_DOCUMENT_EVIDENCE = "no_document_evidence"
    DOCUMENT_DIFFERS = "document_differs"
    DOCUMENT_SHARED = "document_shared"
    DOCUMENT_OF_ANOTHER = "document_of_another"
    NAME_MISSING = "name_missing"
    NAME_DIFFERS = "name_differs"
    NEWBORN_PLACEHOLDER = "newborn_placeholder"
    BIRTH_DATE_MISSING = "birth_date_missing"
    BIRTH_DATE_DIFFERS = "birth_date_differs"
    GENDER_DIFFERS = "gender_differs"
    LOW_SCORE = "low_score"
    RIVAL_CANDIDATE = "rival_candidate"
    BUCKET_CUT = "bucket_cut"


class Names(IntEnum):
    """What a name's level is good for."""

    OTHER = 0
    """Brothers, sisters, spouses or strangers could differ so."""
    GIVEN = 1
    """The whole of a Chinese given name of two characters or more: the surname was changed or misread. No
    relative of the same birth date has it."""
    ALIKE = 2
    """A known slip of eye, ear or hand, or another spelling."""
    SAME = 3


class Dates(IntEnum):
    """What a birth date's level is good for."""

    OTHER = 0
    MISSING = 1
    OTHER_YEAR = 2
    """The same day in a year that no slip explains, less than 15 years away: beyond, it is a parent's."""
    SAME_YEAR = 3
    """Another day of the same year, by no slip that has a name: no parent or sibling can share it."""
    SLIP = 4
    SAME = 5


class Documents(IntEnum):
    """What a document's level is good for."""

    NONE = 0
    CLOSE = 1
    """A family could share it, or hold a number so near: a near miss without a check digit, a household's
    number, one that breaks its own rules on both sides, one that names a birth date neither person has, or
    two slips in a resident number before its last four digits."""
    SLIP = 2
    """One side is provably no number at all, and one slip away from the other."""
    OWN = 3
    """The same valid number."""


_NAMES = {
    NameLevel.SAME: Names.SAME,
    NameLevel.VARIANT: Names.SAME,
    NameLevel.REORDERED: Names.SAME,
    NameLevel.RESTORED_VARIANT: Names.ALIKE,
    NameLevel.ROMANISED: Names.ALIKE,
    NameLevel.HOMOPHONE: Names.ALIKE,
    NameLevel.LOOK_ALIKE: Names.ALIKE,
    NameLevel.FOLK_SURNAME: Names.ALIKE,
    NameLevel.NEAR_HOMOPHONE: Names.ALIKE,
    NameLevel.DOUBLED: Names.ALIKE,
    NameLevel.SWAPPED: Names.ALIKE,
    NameLevel.SPELLING: Names.ALIKE,
    NameLevel.INSERTED_OR_DROPPED: Names.ALIKE,
    NameLevel.SEVERAL_ALIKE: Names.ALIKE,
    NameLevel.ABBREVIATED: Names.ALIKE,
    NameLevel.UNREADABLE_PART: Names.ALIKE,
}
_DATES = {
    BirthDateLevel.SAME: Dates.SAME,
    BirthDateLevel.MISSING: Dates.MISSING,
    BirthDateLevel.NEAR: Dates.SAME_YEAR,
    BirthDateLevel.YEAR_ONLY: Dates.SAME_YEAR,
    BirthDateLevel.OTHER_YEAR: Dates.OTHER_YEAR,
    BirthDateLevel.DIFFERENT: Dates.OTHER,
}
_DOCUMENTS = {
    DocumentLevel.SAME: Documents.OWN,
    DocumentLevel.LOOK_ALIKE: Documents.SLIP,
    DocumentLevel.ONE_DIGIT: Documents.SLIP,
    DocumentLevel.ADJACENT_SWAP: Documents.SLIP,
    DocumentLevel.JUMP_SWAP: Documents.SLIP,
    DocumentLevel.INSERTED_OR_DROPPED: Documents.SLIP,
    DocumentLevel.SAME_INVALID: Documents.CLOSE,
    DocumentLevel.SAME_OTHER_LABEL: Documents.CLOSE,
    DocumentLevel.SAME_SHARED: Documents.CLOSE,
    DocumentLevel.LOOK_ALIKE_UNCHECKED: Documents.CLOSE,
    DocumentLevel.ONE_DIGIT_UNCHECKED: Documents.CLOSE,
    DocumentLevel.ADJACENT_SWAP_UNCHECKED: Documents.CLOSE,
    DocumentLevel.JUMP_SWAP_UNCHECKED: Documents.CLOSE,
    DocumentLevel.INSERTED_OR_DROPPED_UNCHECKED: Documents.CLOSE,
}
_ENOUGH: dict[tuple[Names, Documents], frozenset[Dates]] = {
    (Names.SAME, Documents.OWN): frozenset(set(Dates) - {Dates.OTHER}),
    (Names.SAME, Documents.SLIP): frozenset({Dates.SAME, Dates.SLIP, Dates.SAME_YEAR}),
    (Names.SAME, Documents.CLOSE): frozenset({Dates.SAME}),
    (Names.ALIKE, Documents.OWN): frozenset({Dates.SAME, Dates.SLIP}),
    (Names.ALIKE, Documents.SLIP): frozenset({Dates.SAME}),
    (Names.GIVEN, Documents.OWN): frozenset({Dates.SAME}),
}
# A number shorter than this, or with fewer digits, is a house number or a bed, not a document.
_SHORTEST_NUMBER = 6
_FEWEST_DIGITS = 4
_NATIONAL_KEY = "18:RRRRRRYYYYMMDDSSSC"
_SHARED_BY_TWINS = len("18:RRRRRRYYYYMMDD")
_SEQUENCE_AND_CHECK = 4


def doubts(given: IdentityElements, stored: IdentityElements, compared: Comparisons) -> tuple[Doubt, ...]:
    """What a namesake, a twin or a relative could share of this agreement; none: it is the person's own.

    Symmetric. The score, rivals and cut buckets are judged elsewhere.
    """
    name = names(given, stored, compared)
    document = documents(given, stored, compared)
    born = _dates(given, stored, compared, document)
    if name is Names.ALIKE:
        born = min(born, Dates.OTHER) if _a_generation_apart(given, stored) else born
        document = min(document, Documents.CLOSE) if _could_be_twins(given, stored) else document
    found = []
    if _newborn(given, stored):
        found.append(Doubt.NEWBORN_PLACEHOLDER)
    if not _enough(name, born, document, given, stored):
        found += _what_is_wanting(name, born, document, compared)
    if not _gender_will_do(name, born, document, compared):
        found.append(Doubt.GENDER_DIFFERS)
    return tuple(found)


def _enough(
    name: Names, born: Dates, document: Documents, given: IdentityElements, stored: IdentityElements
) -> bool:
    if born in _ENOUGH.get((name, document), frozenset()):
        return True
    # Namesakes of one day and county differ in the last four digits, so a slip elsewhere is no namesake's.
    undated = name is Names.SAME and document is Documents.SLIP and born is Dates.MISSING
    return undated and not _could_be_twins(given, stored)


def names(given: IdentityElements, stored: IdentityElements, compared: Comparisons) -> Names:
    """What the two names are good for, once it is clear how much of them can be read."""
    level = NameLevel(compared.name.level)
    if level is NameLevel.UNREADABLE_PART and _only_surname_readable(given.name, stored.name):
        return Names.OTHER
    if level is NameLevel.GIVEN_ONLY and _chinese_given_name(given.name, stored.name):
        return Names.GIVEN
    return _NAMES.get(level, Names.OTHER)


def _only_surname_readable(left: Name | None, right: Name | None) -> bool:
    """张某, 张**, 李先生: a whole family would answer to it."""
    return any(n is not None and n.surname and set(n.given) <= {UNREADABLE} for n in (left, right))


def _chinese_given_name(left: Name | None, right: Name | None) -> bool:
    if left is None or right is None or left.script is not Script.HAN:
        return False
    return left.surname != "" != right.surname and left.given == right.given and len(left.given) > 1


def _dates(
    given: IdentityElements, stored: IdentityElements, compared: Comparisons, document: Documents
) -> Dates:
    """What the two dates are good for.

    Many of the old tell another birthday than the one they were registered under. So a date that no slip
    explains may be the same person's where the number names the other one, the sex agrees and the two are
    not a generation apart.
    """
    born = _DATES.get(BirthDateLevel(compared.birth_date.level), Dates.SLIP)
    if _a_generation_apart(given, stored):
        return Dates.OTHER if born is Dates.OTHER_YEAR else born
    if born is not Dates.OTHER or document is not Documents.OWN:
        return born
    told = compared.gender.level != GenderLevel.DIFFERENT and _names_a_date(given, stored)
    return Dates.OTHER_YEAR if told else born


def _names_a_date(given: IdentityElements, stored: IdentityElements) -> bool:
    held = (given.document, stored.document)
    return any(d is not None and d.birth_date is not None for d in held) and not _of_another(given, stored)


def documents(given: IdentityElements, stored: IdentityElements, compared: Comparisons) -> Documents:
    """What the two numbers are good for, once it is clear whose they are."""
    trust = _DOCUMENTS.get(DocumentLevel(compared.document.level), Documents.NONE)
    if compared.document.level == DocumentLevel.TWO_SLIPS and _same_behind_date(given, stored):
        trust = Documents.CLOSE
    if trust is Documents.NONE or given.document is None or stored.document is None:
        return Documents.NONE
    if not (_is_a_number(given.document) and _is_a_number(stored.document)):
        return Documents.NONE
    return min(trust, Documents.CLOSE) if _of_another(given, stored) else trust


def _same_behind_date(given: IdentityElements, stored: IdentityElements) -> bool:
    """Whether two slips left sequence and check digit of two resident numbers as they were: what tells
    namesakes of one day and county apart."""
    if given.document is None or stored.document is None:
        return False
    left, right = given.document.key, stored.document.key
    whole = max(len(left), len(right)) == len(_NATIONAL_KEY) and left[:3] == right[:3] == _NATIONAL_KEY[:3]
    return whole and left[-_SEQUENCE_AND_CHECK:] == right[-_SEQUENCE_AND_CHECK:]


def _is_a_number(document: Document) -> bool:
    number = document.key.partition(":")[2]
    return len(number) >= _SHORTEST_NUMBER and sum(map(str.isdigit, number)) >= _FEWEST_DIGITS


def _of_another(given: IdentityElements, stored: IdentityElements) -> bool:
    """Whether the numbers name a birth date that neither person has: a mother's card for her child, twice.

    Of a number with a slip only the valid side is asked.
    """
    entered = {given.birth_date, stored.birth_date} - {None}
    held = (given.document, stored.document)
    named = {d.birth_date for d in held if d is not None and d.valid and d.birth_date is not None}
    return bool(entered and named) and not entered & named


def _a_generation_apart(given: IdentityElements, stored: IdentityElements) -> bool:
    """Whether one could be the other's parent: 1957 and 1987 are one digit apart."""
    if given.birth_date is None or stored.birth_date is None:
        return False
    return abs(given.birth_date.year - stored.birth_date.year) >= YOUNGEST_PARENT


def _could_be_twins(given: IdentityElements, stored: IdentityElements) -> bool:
    """Whether two resident numbers differ only in the last four digits, where those of twins differ."""
    if given.document is None or stored.document is None or given.document.key == stored.document.key:
        return False
    return given.document.key[:_SHARED_BY_TWINS] == stored.document.key[:_SHARED_BY_TWINS]


def _newborn(given: IdentityElements, stored: IdentityElements) -> bool:
    return any(e.name is not None and e.name.placeholder_for is not None for e in (given, stored))


def _what_is_wanting(name: Names, born: Dates, document: Documents, compared: Comparisons) -> list[Doubt]:
    """Everything short of full agreement, for the steward to look at."""
    found = []
    if document is Documents.NONE:
        found.append(Doubt.NO_DOCUMENT_EVIDENCE)
    elif compared.document.level == DocumentLevel.SAME_SHARED:
        found.append(Doubt.DOCUMENT_SHARED)
    elif compared.document.level == DocumentLevel.SAME and document is Documents.CLOSE:
        found.append(Doubt.DOCUMENT_OF_ANOTHER)
    elif document is not Documents.OWN:
        found.append(Doubt.DOCUMENT_DIFFERS)
    if name is not Names.SAME:
        missing = compared.name.level == NameLevel.MISSING
        found.append(Doubt.NAME_MISSING if missing else Doubt.NAME_DIFFERS)
    if born is not Dates.SAME:
        found.append(Doubt.BIRTH_DATE_MISSING if born is Dates.MISSING else Doubt.BIRTH_DATE_DIFFERS)
    return found


def _gender_will_do(name: Names, born: Dates, document: Documents, compared: Comparisons) -> bool:
    """A wrong sex alone is a slip. Beside a name that only sounds alike it is a brother and a sister."""
    if compared.gender.level != GenderLevel.DIFFERENT:
        return True
    if name is not Names.SAME:
        return False
    return document is Documents.OWN or (document is Documents.SLIP and born is Dates.SAME)
