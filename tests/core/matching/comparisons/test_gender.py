"""How far two genders agree."""

import pytest

from app.core.identity.gender import Gender
from app.core.matching.comparisons.gender import GenderLevel, compare_genders


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        (Gender.MALE, Gender.MALE, GenderLevel.SAME),
        (Gender.OTHER, Gender.OTHER, GenderLevel.SAME),
        (Gender.MALE, Gender.FEMALE, GenderLevel.DIFFERENT),
        (Gender.MALE, Gender.OTHER, GenderLevel.OTHER),
        (None, Gender.MALE, GenderLevel.MISSING),
        (None, None, GenderLevel.MISSING),
    ],
)
def test_levels(left: Gender | None, right: Gender | None, level: GenderLevel) -> None:
    assert compare_genders(left, right).level == level
    assert compare_genders(right, left).level == level
