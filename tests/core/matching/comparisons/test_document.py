"""How far two document numbers agree, and what a near miss means."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.core.identity.documents.document import Document, IdType
from app.core.identity.documents.gb11643 import check_character
from app.core.identity.documents.placeholder import is_placeholder
from app.core.identity.documents.read import read_document
from app.core.matching.comparisons.document import DocumentLevel, compare_documents

CODES = {str(id_type): id_type for id_type in IdType}
RESIDENT = "resident_id_card"
PERMIT = "hk_macau_taiwan_residence_permit"
HONG_KONG = "hk_macau_travel_permit"
TAIWAN = "taiwan_travel_permit"
REGISTER = "household_register"


def read(id_type: str, number: str) -> Document | None:
    return read_document(id_type, number, None, CODES)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    born = draw(st.dates(date(1930, 1, 1), date(2020, 1, 1)))
    body = f"{draw(st.integers(110000, 659999))}{born:%Y%m%d}{draw(st.integers(1, 999)):03}"
    return body + check_character(body)


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ((RESIDENT, "11010519491231002X"), (RESIDENT, "11010519491231002x"), DocumentLevel.SAME),
        ((RESIDENT, "110103490315001"), (RESIDENT, "110103194903150017"), DocumentLevel.SAME),
        ((RESIDENT, "11010519491231002X"), ("passport", "11010519491231002X"), DocumentLevel.SAME),
        ((HONG_KONG, "H1234567801"), (HONG_KONG, "H1234567802"), DocumentLevel.SAME),
        ((HONG_KONG, "H12345678"), ("passport", "H12345678"), DocumentLevel.SAME),
        ((TAIWAN, "0012345601(B)"), (TAIWAN, "00123456"), DocumentLevel.SAME),
        ((RESIDENT, "110105194912310021"), (RESIDENT, "110105194912310021"), DocumentLevel.SAME_INVALID),
        (("other", "00123456"), (TAIWAN, "00123456"), DocumentLevel.SAME_OTHER_LABEL),
        ((REGISTER, "781380388"), (REGISTER, "781380388"), DocumentLevel.SAME_SHARED),
        ((RESIDENT, "11010519491231002X(母)"), (RESIDENT, "11010519491231002X"), DocumentLevel.SAME_SHARED),
    ],
)
def test_the_same_number(left: tuple[str, str], right: tuple[str, str], level: DocumentLevel) -> None:
    assert compare_documents(read(*left), read(*right)).level == level


@pytest.mark.parametrize(
    ("slipped", "level"),
    [
        ("110105194912310028", DocumentLevel.ONE_DIGIT),
        ("11010519491231003X", DocumentLevel.ONE_DIGIT),
        ("11015019491231002X", DocumentLevel.ADJACENT_SWAP),
        ("11010519490230002X", DocumentLevel.TWO_SLIPS),
        ("11010519491132002X", DocumentLevel.JUMP_SWAP),
        ("11010591491231002X", DocumentLevel.ADJACENT_SWAP),
        ("11010519941231002X", DocumentLevel.ADJACENT_SWAP),
        ("11010549191231002X", DocumentLevel.JUMP_SWAP),
        ("1101051949123100X", DocumentLevel.INSERTED_OR_DROPPED),
        ("11010519491231002", DocumentLevel.INSERTED_OR_DROPPED),
        ("110105194912310022X", DocumentLevel.INSERTED_OR_DROPPED),
        ("1101051949123102", DocumentLevel.TWO_SLIPS),
        ("1101051949124408", DocumentLevel.DIFFERENT),
        ("11010519491231087X", DocumentLevel.TWO_SLIPS),
        ("1101051949l231O08X", DocumentLevel.ONE_DIGIT),
        ("11010519630417155X", DocumentLevel.DIFFERENT),
    ],
)
def test_a_near_miss_that_is_nobodys_number_is_a_slip(slipped: str, level: DocumentLevel) -> None:
    stored = read(RESIDENT, "11010519491231002X")
    found = read(RESIDENT, slipped)
    assert found is not None
    assert not found.valid
    assert compare_documents(stored, found).level == level


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        # Twins: neighbouring valid numbers are two people.
        ((RESIDENT, "370112196005235872"), (RESIDENT, "370112196005233770"), DocumentLevel.DIFFERENT_VALID),
        ((PERMIT, "81000019640802737X"), (PERMIT, "820000195506123477"), DocumentLevel.DIFFERENT_VALID),
        # A person can hold a resident ID first and a residence permit later.
        ((RESIDENT, "11010519491231002X"), (PERMIT, "81000019640802737X"), DocumentLevel.OTHER_KIND),
        ((RESIDENT, "11010519491231002X"), ("passport", "E12345678"), DocumentLevel.OTHER_KIND),
        ((RESIDENT, "11010519491231002X"), (RESIDENT, "370112196005235872(父)"), DocumentLevel.OTHER_KIND),
        ((RESIDENT, "11010519491231002X"), (RESIDENT, "231002"), DocumentLevel.OTHER_KIND),
        # 15 digits have no check digit: a near miss may be a slip, a far one is another person.
        ((RESIDENT, "110103490315001"), (RESIDENT, "110103194903150033"), DocumentLevel.ONE_DIGIT_UNCHECKED),
        ((RESIDENT, "110103490315001"), (RESIDENT, "110103490315010"), DocumentLevel.ADJACENT_SWAP_UNCHECKED),
        ((RESIDENT, "110103490315001"), (RESIDENT, "110103194903150018"), DocumentLevel.ONE_DIGIT),
        ((RESIDENT, "110103490315001"), (RESIDENT, "11010319490315001"), DocumentLevel.INSERTED_OR_DROPPED),
        ((RESIDENT, "110103490315001"), (RESIDENT, "11010349031501"), DocumentLevel.INSERTED_OR_DROPPED),
        ((RESIDENT, "11010349031501"), (RESIDENT, "110103194903150017"), DocumentLevel.INSERTED_OR_DROPPED),
        ((RESIDENT, "110103491315001"), (RESIDENT, "110103194903150017"), DocumentLevel.ONE_DIGIT),
        ((RESIDENT, "110103490315001"), (RESIDENT, "110103194903150121"), DocumentLevel.TWO_SLIPS_UNCHECKED),
        ((RESIDENT, "110103490315001"), (RESIDENT, "370112196005235872"), DocumentLevel.DIFFERENT_VALID),
        # A slip and a wrong label at once.
        ((PERMIT, "81000019640802737X"), (RESIDENT, "81000119640802737X"), DocumentLevel.ONE_DIGIT),
        # Formats without a check digit.
        ((HONG_KONG, "H12345678"), (HONG_KONG, "H12345679"), DocumentLevel.ONE_DIGIT_UNCHECKED),
        ((HONG_KONG, "H12345678"), (HONG_KONG, "H1234567"), DocumentLevel.INSERTED_OR_DROPPED),
        ((HONG_KONG, "H12345678"), (HONG_KONG, "H98765432"), DocumentLevel.DIFFERENT),
        ((TAIWAN, "00123456"), (TAIWAN, "00124356"), DocumentLevel.ADJACENT_SWAP_UNCHECKED),
        (("passport", "E12345678"), ("passport", "E12345687"), DocumentLevel.ADJACENT_SWAP_UNCHECKED),
        (("passport", "AO1234567"), ("passport", "A01234567"), DocumentLevel.LOOK_ALIKE_UNCHECKED),
        (("passport", "S0594447"), ("passport", "S059447"), DocumentLevel.INSERTED_OR_DROPPED_UNCHECKED),
        # A renewed passport has a new number; a family that moves, a new register.
        (("passport", "E12345678"), ("passport", "G87654321"), DocumentLevel.REISSUED),
        (("passport", "E12345678"), ("passport", "E12345699"), DocumentLevel.REISSUED),
        (("passport", "M12345678"), (HONG_KONG, "M12345679"), DocumentLevel.OTHER_KIND),
        ((REGISTER, "781380388"), (REGISTER, "781380389"), DocumentLevel.REISSUED),
    ],
)
def test_numbers_that_differ(left: tuple[str, str], right: tuple[str, str], level: DocumentLevel) -> None:
    assert compare_documents(read(*left), read(*right)).level == level
    assert compare_documents(read(*right), read(*left)).level == level


def test_a_missing_number_is_never_agreement() -> None:
    assert compare_documents(None, read(RESIDENT, "11010519491231002X")).level == DocumentLevel.MISSING
    assert compare_documents(None, None).level == DocumentLevel.MISSING
    assert compare_documents(read(RESIDENT, "无"), read(RESIDENT, "无")).level == DocumentLevel.MISSING


@given(number=numbers(), place=st.integers(0, 17), digit=st.sampled_from("0123456789"))
def test_one_wrong_digit_is_never_another_person(number: str, place: int, digit: str) -> None:
    assume(number[place] != digit)
    slipped = number[:place] + digit + number[place + 1 :]
    assume(not is_placeholder(slipped))
    level = compare_documents(read(RESIDENT, number), read(RESIDENT, slipped)).level
    # Region 8?0000 or a leading 9 would make it another document's number, were it valid.
    assert level in (DocumentLevel.ONE_DIGIT, DocumentLevel.LOOK_ALIKE)


@given(left=numbers(), right=numbers())
def test_two_valid_numbers_are_two_people(left: str, right: str) -> None:
    assume(left != right)
    assert (
        compare_documents(read(RESIDENT, left), read(RESIDENT, right)).level == DocumentLevel.DIFFERENT_VALID
    )


@given(number=numbers(), text=st.text("0123456789XOIL", min_size=13, max_size=19))
def test_an_invalid_number_never_vetoes(number: str, text: str) -> None:
    found = read(RESIDENT, text)
    assume(found is not None and not found.valid)
    assert compare_documents(read(RESIDENT, number), found).level != DocumentLevel.DIFFERENT_VALID


@given(
    st.sampled_from(list(CODES)),
    st.text("0123456789HMEX兰", max_size=19),
    st.sampled_from(list(CODES)),
    st.text("0123456789HMEX兰", max_size=19),
)
def test_the_order_of_the_sides_does_not_matter(one: str, left: str, other: str, right: str) -> None:
    a, b = read(one, left), read(other, right)
    assert compare_documents(a, b) == compare_documents(b, a)
