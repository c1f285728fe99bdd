"""Comparing two names, each in its own script."""

from app.core.identity.names.characters import UNREADABLE
from app.core.identity.names.name import Name, Script
from app.core.identity.tables import ReferenceTables
from app.core.matching.comparison import Comparison
from app.core.matching.comparisons.alphabetic_name import compare_alphabetic
from app.core.matching.comparisons.han_name import compare_han
from app.core.matching.comparisons.name_level import COMPARISONS, NameLevel
from app.core.matching.comparisons.romanised_name import compare_romanised

__all__ = ["NameLevel", "compare_names"]

_SAME = COMPARISONS[NameLevel.SAME]
_VARIANT = COMPARISONS[NameLevel.VARIANT]


def compare_names(left: Name | None, right: Name | None, tables: ReferenceTables) -> Comparison:
    """How far two names agree; symmetric. `level` is a `NameLevel`.

    Names in two scripts are compared where one is Latin and the other Han; otherwise they say nothing of
    each other and the comparison is `missing`.
    """
    if left is None or right is None:
        return COMPARISONS[NameLevel.MISSING]
    if left.placeholder_for is not None or right.placeholder_for is not None:
        return COMPARISONS[NameLevel.NEWBORN]
    if left.folded == right.folded:
        return _compare_spellings(left, right)
    return COMPARISONS[_compare_different(left, right, tables)]


def _compare_spellings(left: Name, right: Name) -> Comparison:
    if left.script is not Script.HAN:
        return _SAME
    if UNREADABLE in left.folded:  # what was lost on either side need not have been the same
        return COMPARISONS[NameLevel.UNREADABLE_PART]
    return _SAME if left.text == right.text else _VARIANT


def _compare_different(left: Name, right: Name, tables: ReferenceTables) -> NameLevel:
    if left.script is Script.HAN and right.script is Script.HAN:
        return compare_han(left, right, tables)
    if left.script is right.script:
        return compare_alphabetic(left, right, tables)
    if left.script is Script.HAN and right.script is Script.LATIN:
        return compare_romanised(left, right, tables)
    if left.script is Script.LATIN and right.script is Script.HAN:
        return compare_romanised(right, left, tables)
    return NameLevel.MISSING
