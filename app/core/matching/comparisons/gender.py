"""How far two genders agree."""

from enum import StrEnum

from app.core.identity.gender import Gender
from app.core.matching.comparison import MISSING, Comparison


class GenderLevel(StrEnum):
    """Levels, best first.

    `other` is one side saying "other" where the second says male or female: many systems write "other" for
    "not asked", so it speaks against the same person far less than male against female does.
    """

    SAME = "same"
    OTHER = "other"
    DIFFERENT = "different"
    MISSING = MISSING


_SAME = Comparison(GenderLevel.SAME, "same gender")
_OTHER = Comparison(GenderLevel.OTHER, "one side says other")
_DIFFERENT = Comparison(GenderLevel.DIFFERENT, "different gender")
_MISSING = Comparison(GenderLevel.MISSING, "gender missing on one side")


def compare_genders(left: Gender | None, right: Gender | None) -> Comparison:
    """Compares two genders; symmetric. Unknown is missing."""
    if left is None or right is None:
        return _MISSING
    if left is right:
        return _SAME
    if Gender.OTHER in (left, right):
        return _OTHER
    return _DIFFERENT
