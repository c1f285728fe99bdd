"""The shipped words and codes of ID types."""

import pytest

from app.adapters.reference.load import load_reference_tables
from app.core.identity.documents.document import IdType
from app.core.identity.documents.read import read_id_type, type_word

CODES = load_reference_tables().id_types


def test_every_word_is_in_the_form_in_which_it_is_looked_up() -> None:
    assert [word for word in CODES if type_word(word) != word] == []


@pytest.mark.parametrize("id_type", list(IdType))
def test_every_type_has_its_name(id_type: IdType) -> None:
    assert read_id_type(str(id_type), CODES) is id_type


@pytest.mark.parametrize(
    ("code", "id_type"),
    [
        ("01", IdType.RESIDENT_ID_CARD),
        ("02", IdType.HOUSEHOLD_REGISTER),
        ("03", IdType.PASSPORT),
        ("04", IdType.MILITARY_OFFICER),
        ("05", IdType.DRIVING_LICENCE),
        ("06", IdType.HK_MACAU_TRAVEL_PERMIT),
        ("07", IdType.TAIWAN_TRAVEL_PERMIT),
        ("99", IdType.OTHER),
        ("1", IdType.RESIDENT_ID_CARD),
        ("031", IdType.PASSPORT),
        ("032", IdType.PASSPORT),
        ("061", IdType.HK_MACAU_TAIWAN_RESIDENCE_PERMIT),
        ("071", IdType.HK_MACAU_TAIWAN_RESIDENCE_PERMIT),
        ("08", IdType.HK_MACAU_TAIWAN_RESIDENCE_PERMIT),
        ("15", IdType.FOREIGN_PERMANENT_RESIDENCE),
        ("111", IdType.RESIDENT_ID_CARD),
        ("回乡证", IdType.HK_MACAU_TRAVEL_PERMIT),
    ],
)
def test_codes_of_the_standard_and_seen_extensions_are_known(code: str, id_type: IdType) -> None:
    assert read_id_type(code, CODES) is id_type
