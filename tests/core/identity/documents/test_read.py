"""Which document a number is, whatever it was called."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.identity.documents.document import Fault, IdType
from app.core.identity.documents.gb11643 import check_character
from app.core.identity.documents.read import read_document
from app.core.identity.failure import InvalidElement

CODES = {
    **{str(id_type): id_type for id_type in IdType},
    "01": IdType.RESIDENT_ID_CARD,
    "03": IdType.PASSPORT,
    "99": IdType.OTHER,
    "身份证": IdType.RESIDENT_ID_CARD,
}


@pytest.mark.parametrize(
    ("id_type", "number", "found", "key"),
    [
        ("resident_id_card", "11010519491231002X", IdType.RESIDENT_ID_CARD, "18:11010519491231002X"),
        ("01", "11010519491231002x", IdType.RESIDENT_ID_CARD, "18:11010519491231002X"),
        ("01", "11010519491231002X/13800138000", IdType.RESIDENT_ID_CARD, "18:11010519491231002X"),
        ("passport", "No. K12345678", IdType.PASSPORT, "P:K12345678"),
        ("身份证（二代）", "11010519491231002X", IdType.RESIDENT_ID_CARD, "18:11010519491231002X"),
        ("身份证号码", "11010519491231002X", IdType.RESIDENT_ID_CARD, "18:11010519491231002X"),
        ("99.0", "00123456", IdType.OTHER, "O:00123456"),
        (" ０１ ", "11010519491231002x", IdType.RESIDENT_ID_CARD, "18:11010519491231002X"),
        ("Resident ID-card", "110103490315001", IdType.RESIDENT_ID_CARD, "18:110103194903150017"),
        # A well-formed number is what it is, whatever it was called.
        ("passport", "11010519491231002X", IdType.RESIDENT_ID_CARD, "18:11010519491231002X"),
        ("driving_licence", "11010519491231002X", IdType.RESIDENT_ID_CARD, "18:11010519491231002X"),
        ("household_register", "11010519491231002X", IdType.RESIDENT_ID_CARD, "18:11010519491231002X"),
        ("other", "110103490315001", IdType.RESIDENT_ID_CARD, "18:110103194903150017"),
        (None, "11010519491231002X", IdType.RESIDENT_ID_CARD, "18:11010519491231002X"),
        ("01", "81000019640802737X", IdType.HK_MACAU_TAIWAN_RESIDENCE_PERMIT, "18:81000019640802737X"),
        ("99", "933057194702283517", IdType.FOREIGN_PERMANENT_RESIDENCE, "18:933057194702283517"),
        ("01", "933057194702283517", IdType.FOREIGN_PERMANENT_RESIDENCE, "18:933057194702283517"),
        ("01", "E88180465", IdType.PASSPORT, "P:E88180465"),
        ("01", "H12345678", IdType.HK_MACAU_TRAVEL_PERMIT, "HM:H12345678"),
        ("passport", "H1234567801", IdType.HK_MACAU_TRAVEL_PERMIT, "HM:H12345678"),
        ("passport", "0012345601(B)", IdType.TAIWAN_TRAVEL_PERMIT, "TW:00123456"),
        ("passport", "FRA110190010101", IdType.FOREIGN_PERMANENT_RESIDENCE, "PR:FRA110190010101"),
        ("01", "P050574434", IdType.BIRTH_CERTIFICATE, "BC:P050574434"),
        ("99", "兰字第3536608号", IdType.MILITARY_OFFICER, "MIL:兰3536608"),
        # Passports of many countries look like permits and certificates: their own label holds.
        ("passport", "M12345678", IdType.PASSPORT, "HM:M12345678"),
        ("passport", "C01234567", IdType.PASSPORT, "P:C01234567"),
        ("household_register", "781380388", IdType.HOUSEHOLD_REGISTER, "HR:781380388"),
        # Without a label, by shape.
        (None, "E88180465", IdType.PASSPORT, "P:E88180465"),
        (None, "M12345678", IdType.HK_MACAU_TRAVEL_PERMIT, "HM:M12345678"),
        (None, "00123456", IdType.TAIWAN_TRAVEL_PERMIT, "TW:00123456"),
        (None, "AB-77/1", IdType.OTHER, "O:AB771"),
        ("不详", "E88180465", IdType.PASSPORT, "P:E88180465"),
        ("99", "00123456", IdType.OTHER, "O:00123456"),
    ],
)
def test_a_number_is_what_its_own_rules_say(
    id_type: str | None, number: str, found: IdType, key: str
) -> None:
    document = read_document(id_type, number, None, CODES)
    assert document is not None
    assert (document.id_type, document.key, document.valid) == (found, key, True)


@pytest.mark.parametrize(
    ("id_type", "number", "found", "fault"),
    [
        ("01", "110105194912310021", IdType.RESIDENT_ID_CARD, Fault.CHECK_DIGIT),
        ("passport", "110105194912310021", IdType.RESIDENT_ID_CARD, Fault.CHECK_DIGIT),
        (None, "11010519491231002", IdType.RESIDENT_ID_CARD, Fault.LENGTH),
        ("01", "810000196408027370", IdType.HK_MACAU_TAIWAN_RESIDENCE_PERMIT, Fault.CHECK_DIGIT),
        (
            "hk_macau_taiwan_residence_permit",
            "81000019640802737",
            IdType.HK_MACAU_TAIWAN_RESIDENCE_PERMIT,
            Fault.LENGTH,
        ),
        (
            "foreign_permanent_residence",
            "833057194702283517",
            IdType.FOREIGN_PERMANENT_RESIDENCE,
            Fault.CHARACTERS,
        ),
        ("hk_macau_travel_permit", "H1234567", IdType.HK_MACAU_TRAVEL_PERMIT, Fault.LENGTH),
        ("01", "不是号码7788", IdType.RESIDENT_ID_CARD, Fault.LENGTH),
    ],
)
def test_a_broken_number_is_evidence_and_no_error(
    id_type: str, number: str, found: IdType, fault: Fault
) -> None:
    document = read_document(id_type, number, None, CODES)
    assert document is not None
    assert document.id_type is found
    assert fault in document.failures


def test_what_was_declared_is_kept() -> None:
    document = read_document("passport", "11010519491231002X", None, CODES)
    assert document is not None
    assert document.declared is IdType.PASSPORT


def test_the_entered_date_decides_the_century_of_the_last_sequences() -> None:
    entered = date(1898, 3, 15)
    document = read_document("01", "110105980315997", entered, CODES)
    assert document is not None
    assert document.birth_date == entered


@pytest.mark.parametrize("number", ["11010519491231002X(母)", "11010519491231002X(母 13800138000)"])
def test_a_number_marked_as_a_relatives_identifies_nobody(number: str) -> None:
    document = read_document("01", number, None, CODES)
    assert document is not None
    assert document.key == "18:11010519491231002X"
    assert not document.unique


@pytest.mark.parametrize("number", [None, "", "无", "000000000000000000", "身份证丢失"])
def test_no_number_is_no_document(number: str | None) -> None:
    assert read_document("01", number, None, CODES) is None


@pytest.mark.parametrize("id_type", ["identity card", "0", "98", "\x00", "\ud800", "x" * 1000])
@pytest.mark.parametrize("number", [None, "11010519491231002X"])
def test_an_unknown_type_is_an_error_that_lists_the_known(id_type: str, number: str | None) -> None:
    with pytest.raises(InvalidElement) as caught:
        read_document(id_type, number, None, CODES)
    assert (caught.value.field, caught.value.code) == ("id_type", "unknown_id_type")
    assert "resident_id_card" in caught.value.expected
    assert id_type not in caught.value.expected.split()


def test_a_number_of_more_than_64_characters_is_an_error() -> None:
    assert read_document("01", "7" * 63 + "8", None, CODES) is None
    with pytest.raises(InvalidElement) as caught:
        read_document("01", "1" * 65, None, CODES)
    assert (caught.value.field, caught.value.code) == ("id_number", "too_long")


@given(id_type=st.sampled_from([None, *CODES]), number=st.text(max_size=64), entered=st.none() | st.dates())
def test_any_text_is_read(id_type: str | None, number: str, entered: date | None) -> None:
    document = read_document(id_type, number, entered, CODES)
    assert document is None or document.valid is (document.failures == ())


@given(id_type=st.sampled_from([*CODES]), number=st.from_regex(r"[A-Z]{0,3}[0-9]{6,18}[X]?", fullmatch=True))
def test_reading_what_was_read_changes_nothing(id_type: str, number: str) -> None:
    once = read_document(id_type, number, None, CODES)
    if once is None or not once.valid:
        return
    again = read_document(str(once.id_type), once.key.partition(":")[2], None, CODES)
    assert again is None or again.key == once.key


@given(
    body=st.from_regex(r"\A[1-9][0-9]{5}(18|19|20)[0-9]{2}(0[1-9]|1[0-2])[0-3][0-9]{4}\Z"),
    id_type=st.sampled_from((None, "resident_id_card", "passport", "military_officer", "other")),
    entered=st.none() | st.just(date(1980, 2, 29)),
)
def test_a_plain_number_is_read_as_one_written_with_spaces(
    body: str, id_type: str | None, entered: date | None
) -> None:
    number = body + check_character(body)
    assert read_document(id_type, number, entered, CODES) == read_document(
        id_type, f" {number[:6]} {number[6:]}", entered, CODES
    )
