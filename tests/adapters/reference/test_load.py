"""The packaged tables: read once, consistent with each other, every file's source told."""

import unicodedata
from importlib.resources import files

from app.adapters.reference.load import load_reference_tables
from app.core.identity.documents.document import IdType

TABLES = load_reference_tables()


def test_tables_are_read_once() -> None:
    assert load_reference_tables() is TABLES


def test_no_folded_character_folds_further() -> None:
    assert all(len(standard) == 1 and ord(standard) not in TABLES.folds for standard in TABLES.folds.values())


def test_characters_of_names_of_their_own_are_never_folded_together() -> None:
    for char, others in TABLES.name_distinct.items():
        assert ord(char) not in TABLES.folds
        assert all(char in TABLES.name_distinct[other] for other in others)


def test_every_comparison_table_is_in_comparison_form() -> None:
    chars = set(TABLES.readings) | set(TABLES.folk_surnames) | set("".join(TABLES.surname_shares))
    chars |= set("".join(TABLES.look_alikes)) | set("".join(TABLES.romanisations)) | set(TABLES.cantonese)
    assert not [char for char in chars if ord(char) in TABLES.folds]


def test_look_alikes_are_pairs_in_order() -> None:
    assert all(len(pair) == 2 and pair[0] < pair[1] for pair in TABLES.look_alikes)
    assert all(0 < likeness <= 1 for likeness in TABLES.look_alikes.values())


def test_private_use_points_lead_to_assigned_characters() -> None:
    assert TABLES.private_use[0xE863] == "䶮"
    for code_point, char in TABLES.private_use.items():
        assert unicodedata.category(chr(code_point)) == "Co"
        assert unicodedata.category(char) == "Lo"


def test_surnames_have_a_reading_for_each_character() -> None:
    assert TABLES.surname_shares.keys() == TABLES.surname_readings.keys()
    for surname, readings in TABLES.surname_readings.items():
        assert len(readings) == len(surname)
        assert all(reading in TABLES.syllables for options in readings for reading in options)


def test_surnames_read_otherwise_than_the_character() -> None:
    readings = {
        "仇": "qiu",
        "单": "shan",
        "解": "xie",
        "曾": "zeng",
        "区": "ou",
        "翟": "zhai",
        "缪": "miao",
        "万俟": "mo",
    }
    assert {surname: TABLES.surname_readings[surname][0][0] for surname in readings} == readings


def test_codes_of_id_types_are_known() -> None:
    assert TABLES.id_types["01"] is IdType.RESIDENT_ID_CARD
    assert set(TABLES.id_types.values()) == set(IdType)


def test_every_table_tells_its_source() -> None:
    data = files("app.adapters.reference").joinpath("data")
    told = data.joinpath("SOURCES.md").read_text(encoding="utf-8")
    assert not [
        table.name for table in data.iterdir() if table.name.endswith(".tsv") and table.name not in told
    ]
