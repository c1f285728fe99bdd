"""What is typed when there is no number."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.identity.documents.gb11643 import check_character
from app.core.identity.documents.placeholder import is_placeholder


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "  ",
            "无",
            "不详",
            "未知",
            "N/A",
            "null",
            "none",
            "-",
            "/",
            "???",
            "身份证丢失",
            "未带证件",
            "同上",
        ),
        *("0", "000", "000000000000000000", "111111111111111111", "111111111111111", "99999999", "999999999"),
        *("０００００００００", "123456789012345678", "12345678", "0123456789", "987654321", "9876543210"),
        *("H00000000", "E00000000", "A000000000", "110101000000000000", "11010119000000000X"),
        *("3201**********1234", "320123XXXXXXXX1234", "XXXXXXXXXXXXXXXXXX", "12", "丢失2019", "无123"),
        *("1.10105E+17", "110105194912310000"),
    ],
)
def test_placeholders_are_known(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "11010519491231002X",
            "440524188001010014",
            "110103490315001",
            "H12345678",
            "H1234567801",
            "E88180465",
        ),
        *("00123456", "0012345601(B)", "兰字第3536608号", "781380388", "P050574434", "1234567X", "11223344"),
        "11010519491231002*",
    ],
)
def test_numbers_are_no_placeholders(text: str) -> None:
    assert not is_placeholder(text)


def test_the_birth_date_in_the_number_field_is_no_number() -> None:
    assert is_placeholder("19800229", date(1980, 2, 29))
    assert not is_placeholder("19800229", date(1980, 2, 28))
    assert not is_placeholder("19800229")


@given(
    region=st.sampled_from(["110101", "111111", "222222", "333333", "444444"]),
    born=st.dates(date(1900, 1, 1), date(2025, 1, 1)),
    sequence=st.integers(0, 999),
)
def test_no_valid_number_is_ever_dropped(region: str, born: date, sequence: int) -> None:
    body = f"{region}{born:%Y%m%d}{sequence:03}"
    assert not is_placeholder(body + check_character(body))
