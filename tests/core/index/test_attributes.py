"""Basic data: values in their normal form, and what is wrong said without repeating it."""

from datetime import date

import pytest

from app.core.identity.failure import InvalidElements
from app.core.index.attributes import FIELDS, Attribute, Verification, read_attributes, read_verification
from app.core.index.codes import EDUCATION, ETHNICITY
from app.core.index.countries import ALPHA_3

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("field", "given", "value"),
    [
        ("phones", "138 0013 8000", "+8613800138000"),
        ("phones", "0086-13800138000", "+8613800138000"),
        ("phones", "010-62345678", "01062345678"),
        ("phones", "+852 2345 6789", "+85223456789"),
        ("emails", "Wang.Lihua@Example.ORG", "Wang.Lihua@example.org"),
        ("addresses", " 北京市  东城区 ", "北京市 东城区"),
        ("nationality", "cn", "CHN"),
        ("nationality", "JPN", "JPN"),
        ("nationality", "中国", "CHN"),
        ("ethnicity", "1", "01"),
        ("ethnicity", "汉", "01"),
        ("ethnicity", "维吾尔族", "05"),
        ("marital_status", "已婚", "20"),
        ("marital_status", "30", "30"),
        ("blood_type", "ab", "4"),
        ("blood_type", "O型", "3"),
        ("blood_type", "1", "1"),
        ("education", "大学本科毕业", "21"),
        ("education", 20, "20"),
        ("occupation", "教师", "教师"),
        ("deceased_date", "20260301", "2026-03-01"),
        ("former_names", "王小丽", "王小丽"),
    ],
)
def test_a_value_is_read_in_its_normal_form(field: str, given: object, value: str) -> None:
    assert read_attributes({field: given}, TODAY) == (Attribute(field, value),)


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("phones", "no digits"),
        ("phones", {"value": "13800138000", "kind": "pager"}),
        ("emails", "nobody"),
        ("nationality", "XX"),
        ("nationality", ["CN", "JP"]),
        ("ethnicity", "57"),
        ("marital_status", "11"),
        ("blood_type", "Rh?"),
        ("education", "99"),
        ("deceased_date", "2027-01-01"),
        ("documents", "E12345678"),
        ("documents", {"value": "E12345678", "kind": "licence"}),
        ("addresses", "x" * 301),
        ("addresses", "a\x00b"),
        ("occupation", True),
        ("phones", {"value": "13800138000", "verification": "sworn"}),
        ("phones", [str(10000 + n) for n in range(21)]),
        ("hobbies", "chess"),
    ],
)
def test_what_is_no_value_is_refused_by_name_alone(field: str, given: object) -> None:
    with pytest.raises(InvalidElements) as refused:
        read_attributes({field: given}, TODAY)
    (failure,) = refused.value.failures
    assert failure.field == (f"attributes.{field}" if field in FIELDS else "attributes")
    assert str(given) not in str(refused.value)


@pytest.mark.parametrize(
    ("field", "given"), [("blood_type", "5"), ("marital_status", "90"), ("phones", " "), ("phones", None)]
)
def test_what_says_nothing_is_left_out(field: str, given: object) -> None:
    assert read_attributes({field: given}, TODAY) == ()


def test_a_value_carries_its_kind_and_level_and_stands_once() -> None:
    passport = {"value": "E12345678", "kind": "passport", "verification": "document_seen"}
    assert read_attributes({"documents": [passport, passport]}, TODAY) == (
        Attribute("documents", "E12345678", "passport", Verification.DOCUMENT_SEEN),
    )


def test_every_failure_is_named() -> None:
    with pytest.raises(InvalidElements) as refused:
        read_attributes({"phones": "x", "ethnicity": "x", "hobbies": 1}, TODAY)
    assert [f.field for f in refused.value.failures] == [
        "attributes",
        "attributes.phones",
        "attributes.ethnicity",
    ]


def test_the_code_tables_are_whole() -> None:
    assert len(ALPHA_3) == len(set(ALPHA_3.values())) == 249
    assert len(ETHNICITY) == 58
    assert ETHNICITY["56"] == "基诺族"
    assert all(len(code) == 2 for code in EDUCATION)


def test_a_level_that_is_none_is_refused() -> None:
    assert read_verification(" Card_Read ") is Verification.CARD_READ
    assert read_verification(None) is None
    with pytest.raises(ValueError, match="one of card_read, document_seen, self_reported"):
        read_verification("sworn")
