"""Resident identity numbers of both lengths."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.identity.documents import resident_id
from app.core.identity.documents.document import Fault, IdType
from app.core.identity.gender import Gender

RESIDENT = IdType.RESIDENT_ID_CARD


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002x",
        " 110105 19491231 002X\t",
        "１１０１０５１９４９１２３１００２Ｘ",
        "１１０１０５１９４９１２３１００２ｘ",
        "110105-19491231-002X",
        "11010519491231002×",
        "11010519491231002*",
        "11010519491231002Х",
        "'11010519491231002X",
        "11O105l949I231OO2X",
        "身份证号：11010519491231002X",
        "居民身份证 11010519491231002X",
        "11010519491231002X（本人）",
        "\u200b11010519491231002X",
    ],
)
def test_every_way_of_writing_compacts_to_the_number(text: str) -> None:
    assert resident_id.compact(text) == "11010519491231002X"


def test_a_spreadsheets_fraction_is_dropped() -> None:
    assert resident_id.compact("110103490315001.0") == "110103490315001"


def test_letters_stay_where_they_cannot_be_digits() -> None:
    assert resident_id.compact("1101051949K231OO2X") == "1101051949K231OO2X"


@pytest.mark.parametrize(
    ("old", "entered", "new"),
    [
        ("110103490315001", None, "110103194903150017"),
        ("441523780916451", None, "441523197809164517"),
        ("110105800101997", None, "110105198001019974"),
        ("110105980315997", date(1898, 3, 15), "110105189803159974"),
        ("110105980315997", date(1998, 3, 15), "110105199803159974"),
        ("110105980315997", date(1898, 3, 16), "110105199803159974"),
        ("110105980315001", date(1898, 3, 15), "110105199803150013"),
    ],
)
def test_fifteen_digits_become_eighteen(old: str, entered: date | None, new: str) -> None:
    upgraded = resident_id.upgrade(old, entered)
    assert upgraded[:17] == new[:17]
    assert resident_id.validate(upgraded) == ()


def test_both_lengths_are_one_person() -> None:
    old = resident_id.read("110103490315001", RESIDENT)
    new = resident_id.read("110103194903150017", RESIDENT)
    assert old.key == new.key == "18:110103194903150017"
    assert (old.checked, new.checked) == (False, True)
    assert old.birth_date == date(1949, 3, 15)
    assert old.gender is Gender.MALE


@pytest.mark.parametrize(
    ("number", "faults"),
    [
        ("110103490315001", ()),
        ("110103491315001", (Fault.BIRTH_DATE,)),
        ("11010349031500", (Fault.LENGTH,)),
        ("11010319490315001", (Fault.LENGTH,)),
        ("110103194903150018", (Fault.CHECK_DIGIT,)),
        ("999999194903150017", (Fault.CHECK_DIGIT,)),
    ],
)
def test_broken_numbers_are_documents_that_say_why(number: str, faults: tuple[Fault, ...]) -> None:
    document = resident_id.read(number, RESIDENT)
    assert document.failures == faults
    assert document.valid is (not faults)
    if faults:
        assert (document.birth_date, document.gender) == (None, None)


@given(st.text(max_size=64))
def test_compacting_twice_changes_nothing(text: str) -> None:
    once = resident_id.compact(text)
    assert resident_id.compact(once) == once
