"""Masks for display."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.identity.redaction import mask_date, mask_name, mask_number


@pytest.mark.parametrize(
    ("name", "surname_length", "masked"),
    [
        ("张伟", 1, "张*"),
        ("张", 1, "*"),
        ("欧阳娜娜", 2, "欧阳**"),
        ("欧阳", 2, "**"),
        ("古丽娜尔·买买提", 1, "古***·***"),
        ("SERGEI KIM", 1, "S***** K**"),
        ("Mary-Jane O'Neil", 1, "M***-**** O'****"),
        ("X", 1, "*"),
        ("", 1, ""),
    ],
)
def test_names_show_the_surname_or_first_letters(name: str, surname_length: int, masked: str) -> None:
    assert mask_name(name, surname_length) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("110105194912310021", "110*************21"),
        ("110105491231002", "110**********02"),
        ("H12345678", "H******78"),
        ("1234567", "*******"),
        ("12", "**"),
        ("", ""),
        (" 110105 19491231 0021 ", "110*************21"),
    ],
)
def test_numbers_show_at_most_five_characters(number: str, masked: str) -> None:
    assert mask_number(number) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("1980-02-29", "1980-**-**"),
        ("19800229", "1980****"),
        ("1980/2/9", "1980/*/*"),
        ("1980年2月29日", "1980年*月**日"),
        ("29 Feb 1980", "***"),
        ("张伟", "***"),
        ("1980-02-29T00:00:00", "***"),
    ],
)
def test_dates_show_the_year(text: str, masked: str) -> None:
    assert mask_date(text) == masked


@given(st.text(max_size=80))
def test_a_number_never_shows_more_than_five_characters(text: str) -> None:
    assert sum(character != "*" for character in mask_number(text)) <= 5


@given(st.text(alphabet=st.characters(whitelist_categories=["Lo", "Mn", "So"]), min_size=1, max_size=30))
def test_a_name_in_another_script_never_shows_more_than_its_first_character(name: str) -> None:
    assert len([c for c in mask_name(name) if c not in "* ·•・-'’.,"]) <= 1


@given(st.text(max_size=40))
def test_a_date_never_shows_more_than_its_year(text: str) -> None:
    assert sum(character.isdigit() for character in mask_date(text)) <= 4
