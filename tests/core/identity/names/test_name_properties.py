"""What holds for any text that is read as a name."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from app.adapters.reference.load import load_reference_tables
from app.core.identity.names.han import fold_han
from app.core.identity.names.latin import fold_latin, fold_other
from app.core.identity.names.name import Script
from app.core.identity.names.reader import read_name, read_name_with_notes

TABLES = load_reference_tables()
HAN = "王李张欧阳单于丽华伟小明之子女婴双宝先生士老师某喆哲堃顏鋒瑋葉𠮷々䶮\ue863〓床号"
OTHER = " ·•‧・.-—?*()（）【[]'’,/·\u200b\ufeff\t■□×xX123一ＡＢab Mr.Dr éßØÜ李шжкの김"
NAMES = st.text(alphabet=HAN, max_size=8) | st.text(alphabet=HAN + OTHER, max_size=14) | st.text(max_size=30)


@given(NAMES)
def test_a_name_reads_as_itself(text: str) -> None:
    name = read_name(text, TABLES)
    if name is not None:
        assert read_name(name.text, TABLES) == name


@given(NAMES)
def test_the_comparison_form_is_final(text: str) -> None:
    name = read_name(text, TABLES)
    if name is not None:
        folds: dict[Script, Callable[[str], str]]
        folds = {Script.HAN: lambda folded: fold_han(folded, TABLES), Script.LATIN: fold_latin}
        assert folds.get(name.script, fold_other)(name.folded) == name.folded


@given(NAMES)
def test_reading_is_deterministic_and_says_why_nothing_is_left(text: str) -> None:
    name, notes = read_name_with_notes(text, TABLES)
    assert (name, notes) == read_name_with_notes(text, TABLES)
    if name is None and text.strip() and text.isalnum():
        assert notes


@given(NAMES)
def test_readings_stand_beside_their_characters(text: str) -> None:
    name = read_name(text, TABLES)
    if name is not None and name.given_readings:
        assert len(name.surname_readings) == len(name.surname)
        assert len(name.given_readings) == len(name.given)
        assert name.surname + name.given == "".join(name.parts)


@given(NAMES)
def test_nothing_invisible_or_private_is_left(text: str) -> None:
    name = read_name(text, TABLES)
    if name is not None:
        assert name.folded
        assert not any(char.isspace() and char != " " for char in name.text)
        assert not any("\ue000" <= char <= "\uf8ff" or char in "\u200b\ufeff" for char in name.text)
