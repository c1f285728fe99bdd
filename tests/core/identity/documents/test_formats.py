"""The formats without a check digit, and the two that share the resident ID's."""

from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.identity.documents import (
    birth_certificate,
    driving_licence,
    foreign_permanent_residence,
    hk_macau_travel_permit,
    household_register,
    military,
    other,
    passport,
    residence_permit,
    taiwan_travel_permit,
)
from app.core.identity.documents.document import Fault, IdType

FORMATS = [
    birth_certificate,
    driving_licence,
    foreign_permanent_residence,
    hk_macau_travel_permit,
    household_register,
    military,
    other,
    passport,
    residence_permit,
    taiwan_travel_permit,
]


@pytest.mark.parametrize(
    ("module", "text", "key"),
    [
        (residence_permit, "810000 19640802 737x", "18:81000019640802737X"),
        (foreign_permanent_residence, "９33057194702283517", "18:933057194702283517"),
        (foreign_permanent_residence, "fra 1101 9001 0101", "PR:FRA110190010101"),
        (passport, "e 8818-0465", "P:E88180465"),
        (passport, "EI8180465", "P:E18180465"),
        (passport, "ＥＢ4834 257", "P:EB4834257"),
        (passport, "H12345670", "HM:H12345670"),
        (hk_macau_travel_permit, "h12345678", "HM:H12345678"),
        (hk_macau_travel_permit, "H1234567801", "HM:H12345678"),
        (hk_macau_travel_permit, "H12345678(02)", "HM:H12345678"),
        (hk_macau_travel_permit, "HO1234567", "HM:H01234567"),
        (taiwan_travel_permit, "0012345601(B)", "TW:00123456"),
        (taiwan_travel_permit, "0012345601（B）", "TW:00123456"),
        (taiwan_travel_permit, "00123456", "TW:00123456"),
        (military, "兰字第3536608号", "MIL:兰3536608"),
        (military, "兰字第 353 6608號", "MIL:兰3536608"),
        (military, "兰字3536608", "MIL:兰3536608"),
        (household_register, "781 380 388", "HR:781380388"),
        (birth_certificate, "p0505 74434", "BC:P050574434"),
        (driving_licence, "3201 0012 3450", "DL:320100123450"),
        (other, "A 123-456(7)", "O:A1234567"),
    ],
)
def test_the_key_is_the_lifelong_part(module: ModuleType, text: str, key: str) -> None:
    document = module.read(module.compact(text), IdType.OTHER)
    assert document.key == key
    assert document.valid


@pytest.mark.parametrize(
    ("module", "number", "faults"),
    [
        (residence_permit, "810000196408027370", (Fault.CHECK_DIGIT,)),
        (residence_permit, "81000019640802737", (Fault.LENGTH,)),
        (residence_permit, "11010519491231002X", (Fault.CHARACTERS,)),
        (foreign_permanent_residence, "933057194702283518", (Fault.CHECK_DIGIT,)),
        (foreign_permanent_residence, "11010519491231002X", (Fault.CHARACTERS,)),
        (foreign_permanent_residence, "FRA11019001010", (Fault.LENGTH,)),
        (foreign_permanent_residence, "FRA11019001010A", (Fault.CHARACTERS,)),
        (passport, "E123", (Fault.LENGTH,)),
        (passport, "E1234567号", (Fault.CHARACTERS,)),
        (hk_macau_travel_permit, "H1234567", (Fault.LENGTH,)),
        (hk_macau_travel_permit, "K12345678", (Fault.CHARACTERS,)),
        (taiwan_travel_permit, "0012345", (Fault.LENGTH,)),
        (taiwan_travel_permit, "K0123456", (Fault.CHARACTERS,)),
        (military, "兰123", (Fault.LENGTH,)),
        (military, "兰南北京1234567", (Fault.CHARACTERS,)),
        (household_register, "12345", (Fault.LENGTH,)),
        (birth_certificate, "05057443412", (Fault.LENGTH,)),
        (birth_certificate, "0505744341", (Fault.CHARACTERS,)),
        (driving_licence, "32010012345", (Fault.LENGTH,)),
        (driving_licence, "X20100123450", (Fault.CHARACTERS,)),
        (other, "A12", (Fault.LENGTH,)),
    ],
)
def test_broken_rules_are_named(module: ModuleType, number: str, faults: tuple[Fault, ...]) -> None:
    assert module.validate(number) == faults
    assert not module.read(number, IdType.OTHER).valid


def test_a_household_number_never_identifies_alone() -> None:
    assert not household_register.read("781380388", IdType.HOUSEHOLD_REGISTER).unique


def test_a_mobile_phone_is_the_familys() -> None:
    assert not other.read("13912345678", IdType.OTHER).unique
    assert other.read("A1234567", IdType.OTHER).unique


@pytest.mark.parametrize("module", FORMATS)
@given(text=st.text(max_size=64))
def test_compacting_twice_changes_nothing(module: ModuleType, text: str) -> None:
    once = module.compact(text)
    assert module.compact(once) == once


@pytest.mark.parametrize("module", FORMATS)
@given(text=st.text(max_size=64))
def test_any_text_can_be_read(module: ModuleType, text: str) -> None:
    document = module.read(module.compact(text), IdType.OTHER)
    assert document.valid is (document.failures == ())
