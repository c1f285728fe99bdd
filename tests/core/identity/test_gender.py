"""Genders as partners write them."""

import pytest

from app.core.identity.failure import InvalidElement
from app.core.identity.gender import Gender, parse_gender


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("male", Gender.MALE),
        ("Female", Gender.FEMALE),
        ("OTHER", Gender.OTHER),
        ("1", Gender.MALE),
        ("２", Gender.FEMALE),
        (" 男 ", Gender.MALE),
        ("女性", Gender.FEMALE),
        ("男 性", Gender.MALE),
        ("其他", Gender.OTHER),
        ("M", Gender.MALE),
        ("1.0", Gender.MALE),
        ("女婴", Gender.FEMALE),
        ("A", Gender.OTHER),
    ],
)
def test_known_genders_are_read(text: str, gender: Gender) -> None:
    assert parse_gender(text) is gender


@pytest.mark.parametrize(
    "text",
    [None, "", "  ", "0", "9", "unknown", "未知", "未说明的性别", "不详", "5", "6", "X", "<", "N", "-"],
)
def test_unknown_is_missing(text: str | None) -> None:
    assert parse_gender(text) is None


@pytest.mark.parametrize("text", ["3", "mail", "男女", "-1", "\x00", "\ud800"])
def test_anything_else_names_the_field_and_not_the_value(text: str) -> None:
    with pytest.raises(InvalidElement) as caught:
        parse_gender(text)
    assert (caught.value.field, caught.value.code) == ("gender", "unknown_gender")
    assert caught.value.expected.startswith("must be male, female, other or unknown")
