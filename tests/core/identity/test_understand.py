"""The five elements together: all failures at once, placeholders as missing, notes of what was seen."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.reference.load import load_reference_tables
from app.core.identity.documents.document import IdType
from app.core.identity.elements import GivenElements, IdentityElements
from app.core.identity.failure import InvalidElements
from app.core.identity.gender import Gender
from app.core.identity.understand import understand

TABLES = load_reference_tables()
TODAY = date(2026, 11, 21)


def read(
    name: str | None = None,
    gender: str | None = None,
    birth_date: str | None = None,
    id_type: str | None = None,
    id_number: str | None = None,
) -> IdentityElements:
    return understand(GivenElements(name, gender, birth_date, id_type, id_number), TABLES, TODAY)


def test_all_five_are_read() -> None:
    elements = read("何 佑崇", "女", "1949/12/31", "01", "11010519491231002x")
    assert elements.name is not None
    assert elements.name.text == "何佑崇"
    assert elements.gender is Gender.FEMALE
    assert elements.birth_date == date(1949, 12, 31)
    assert elements.document is not None
    assert (elements.document.id_type, elements.document.valid) == (IdType.RESIDENT_ID_CARD, True)
    assert elements.notes == ()


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_nothing_given_is_nothing_known(blank: str | None) -> None:
    assert read(blank, blank, blank, blank, blank) == IdentityElements(None, None, None, None, ())


def test_placeholders_are_missing_and_noted() -> None:
    elements = read("无名氏", "0", "1900-01-01", "99", "000000000000000000")
    assert (elements.name, elements.gender, elements.birth_date, elements.document) == (
        None,
        None,
        None,
        None,
    )
    assert elements.notes == ("placeholder_name", "placeholder_number")


def test_a_number_under_another_label_is_recognised_and_noted() -> None:
    elements = read(id_type="03", id_number="11010519491231002X")
    assert elements.document is not None
    assert elements.document.id_type is IdType.RESIDENT_ID_CARD
    assert elements.notes == ("other_id_type_recognised",)


def test_every_failure_is_told_at_once() -> None:
    with pytest.raises(InvalidElements) as caught:
        read("王" * 201, "maybe", "1980-02-30", "library card", "1" * 65)
    assert {failure.field: failure.code for failure in caught.value.failures} == {
        "name": "too_long",
        "gender": "unknown_gender",
        "birth_date": "no_such_day",
        "id_type": "unknown_id_type",
        "id_number": "too_long",
    }


@pytest.mark.parametrize("bad", ["\x00", "\x07", "\x1b", "\x7f", "\x9f", chr(0xD800), chr(0xDFFF)])
@pytest.mark.parametrize("field", ["name", "gender", "birth_date", "id_type", "id_number"])
def test_characters_that_no_text_holds_are_refused(field: str, bad: str) -> None:
    with pytest.raises(InvalidElements) as caught:
        read(**{field: f"1{bad}2"})
    assert [(failure.field, failure.code) for failure in caught.value.failures] == [
        (field, "forbidden_characters")
    ]


def test_a_tab_or_line_end_from_a_spreadsheet_is_white_space() -> None:
    elements = read("王伟\t", id_number="11010519491231002X\r\n")
    assert elements.name is not None
    assert elements.document is not None
    assert (elements.name.text, elements.document.valid) == ("王伟", True)


@pytest.mark.parametrize("name", ["王" * 200, "\U00020000" * 200, "Ab" * 100])
def test_a_name_of_200_characters_is_read(name: str) -> None:
    assert read(name).name is not None


def test_a_failure_never_repeats_the_value() -> None:
    with pytest.raises(InvalidElements) as caught:
        read("机密" * 200, "secretgender", "secretdate", "secrettype", "secretnumber" * 9)
    assert "secret" not in str(caught.value)
    assert "机密" not in repr(caught.value)


TEXTS = st.none() | st.text(max_size=70)


@given(st.builds(GivenElements, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS))
def test_any_text_is_understood_or_refused_field_by_field(texts: GivenElements) -> None:
    try:
        assert understand(texts, TABLES, TODAY) == understand(texts, TABLES, TODAY)
    except InvalidElements as invalid:
        fields = [failure.field for failure in invalid.failures]
        assert fields
        assert len(set(fields)) == len(fields)
