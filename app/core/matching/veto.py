"""Vetoes: rules that override the score. A vetoed candidate is somebody else, however much agrees.

A resident or residence-permit number is given once and for life (Law on Resident Identity Cards, article 3;
for residents of Hong Kong, Macau and Taiwan the State Council's circular 81 of 2018), and its check digit
shows every single slip (GB 11643), so two valid ones that differ are two people. And a number proves nothing
where name and birth date both say that somebody else holds it out: cards are borrowed, and children come
with a parent's.
"""

from datetime import date
from enum import StrEnum

from app.core.identity.elements import IdentityElements
from app.core.identity.names.name import Name
from app.core.matching.comparisons.birth_date import BirthDateLevel
from app.core.matching.comparisons.document import DocumentLevel
from app.core.matching.comparisons.name import NameLevel
from app.core.matching.score import Comparisons


class Veto(StrEnum):
    """Why a candidate is somebody else; the answer's flags.

    Examples: two valid resident numbers, name, sex and date the same: `conflicting_documents`. One number
    for 李娜, born 1990, and 李小宝, born 2018: `parents_document`; for 邵建耕, born 1960, and 黄文斌, born
    1974: `borrowed_document`; for 张丽 and 张丽之子: `newborn`.
    """

    CONFLICTING_DOCUMENTS = "conflicting_documents"
    BORROWED_DOCUMENT = "borrowed_document"
    PARENTS_DOCUMENT = "parents_document"
    NEWBORN = "newborn"


_ONE_NUMBER = frozenset({DocumentLevel.SAME, DocumentLevel.SAME_INVALID, DocumentLevel.SAME_OTHER_LABEL})
_ANOTHER_NAME = frozenset(
    {
        NameLevel.DIFFERENT,
        NameLevel.SURNAME_ONLY,
        NameLevel.GIVEN_ONLY,
        NameLevel.ONE_DIFFERENT,
        NameLevel.ROMANISED_PARTIAL,
    }
)
_FAMILY_NAME = frozenset({NameLevel.SURNAME_ONLY, NameLevel.ONE_DIFFERENT, NameLevel.ROMANISED_PARTIAL})
_ANOTHER_DATE = frozenset(
    {BirthDateLevel.DIFFERENT, BirthDateLevel.YEAR_ONLY, BirthDateLevel.NEAR, BirthDateLevel.OTHER_YEAR}
)
YOUNGEST_PARENT = 15
_OLDEST_PARENT = 60


def vetoes(given: IdentityElements, stored: IdentityElements, compared: Comparisons) -> tuple[Veto, ...]:
    """The vetoes that hold between two people's elements, at most one; symmetric."""
    document = compared.document.level
    if document == DocumentLevel.DIFFERENT_VALID:
        return (Veto.CONFLICTING_DOCUMENTS,)
    if document not in _ONE_NUMBER:
        return ()
    other_date = compared.birth_date.level in _ANOTHER_DATE
    if compared.name.level == NameLevel.NEWBORN:
        newborn = other_date or _names_the_mother(given.name, stored.name)
        return (Veto.NEWBORN,) if newborn else ()
    if not other_date or compared.name.level not in _ANOTHER_NAME:
        return ()
    if compared.name.level in _FAMILY_NAME and _a_generation_apart(given.birth_date, stored.birth_date):
        return (Veto.PARENTS_DOCUMENT,)
    return (Veto.BORROWED_DOCUMENT,)


def _names_the_mother(left: Name | None, right: Name | None) -> bool:
    """Whether one is a newborn's placeholder and the other the very name in it: the mother herself."""
    if left is None or right is None:
        return False
    return left.placeholder_for in (right.text, right.folded) or right.placeholder_for in (
        left.text,
        left.folded,
    )


def _a_generation_apart(left: date | None, right: date | None) -> bool:
    if left is None or right is None:
        return False
    return YOUNGEST_PARENT <= abs(left.year - right.year) <= _OLDEST_PARENT
