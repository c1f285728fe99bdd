"""Survivorship: verification, then source order, then recency; and where each value came from."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.identity.elements import GivenElements
from app.core.index.attributes import Attribute, Verification
from app.core.index.customer import LocalId, SourceRecord
from app.core.index.golden_record import SurvivorshipRules, changed_fields, golden_record

NOW = datetime(2026, 11, 21, tzinfo=UTC)
CARD, SEEN, SELF = Verification


def record(
    system: str,
    days: int,
    name: str | None = "王丽华",
    *,
    level: Verification = SELF,
    document: tuple[str | None, str | None] = (None, None),
    attributes: tuple[Attribute, ...] = (),
    deceased: bool = False,
) -> SourceRecord:
    given = GivenElements(name, None, None, *document)
    at = NOW + timedelta(days=days)
    record_id = UUID(int=abs(hash((system, days))) % 2**128)
    return SourceRecord(
        record_id, LocalId(system, f"{system}{days}"), "C", given, deceased, 1, at, level, attributes
    )


@pytest.mark.parametrize(
    ("records", "rules", "name", "rule"),
    [
        ([record("a", 1)], SurvivorshipRules(), "王丽华", "only_value"),
        ([record("a", 1, "旧"), record("b", 2, "新")], SurvivorshipRules(), "新", "recency"),
        ([record("a", 1, "旧"), record("b", 2, "新")], SurvivorshipRules(("a",)), "旧", "source_order"),
        (
            [record("a", 1, "旧"), record("b", 2, "新")],
            SurvivorshipRules(("a",), {"name": ("b", "a")}),
            "新",
            "source_order",
        ),
        (
            [record("a", 2, "自述"), record("b", 1, "读卡", level=CARD)],
            SurvivorshipRules(("a",)),
            "读卡",
            "verification",
        ),
        ([record("a", 1, "甲", level=SEEN), record("b", 2, None)], SurvivorshipRules(), "甲", "only_value"),
    ],
)
def test_which_name_survives_and_why(
    records: list[SourceRecord], rules: SurvivorshipRules, name: str, rule: str
) -> None:
    golden = golden_record(records, rules)
    assert golden.elements.name == name
    (provenance,) = [p for p in golden.provenance if p.field == "name"]
    assert provenance.rule == rule


def test_a_number_never_stands_under_another_records_type() -> None:
    old = record("a", 1, document=("resident_id_card", "110101198002290026"))
    new = record("b", 2, document=("passport", None))
    golden = golden_record([old, new])
    assert (golden.elements.id_type, golden.elements.id_number) == ("resident_id_card", "110101198002290026")


def test_a_field_of_many_values_keeps_each_once_the_surest_first() -> None:
    said = Attribute("phones", "+8613800138000")
    sure = Attribute("phones", "+8613900139000", verification=SEEN)
    golden = golden_record([record("a", 1, attributes=(said, sure)), record("b", 2, attributes=(said,))])
    assert [b.attribute.value for b in golden.attributes] == ["+8613900139000", "+8613800138000"]
    assert golden.attributes[1].provenance.source.source_system == "b"


def test_of_a_field_of_one_value_one_survives() -> None:
    married, widowed = Attribute("marital_status", "20"), Attribute("marital_status", "30")
    golden = golden_record([record("a", 1, attributes=(married,)), record("b", 2, attributes=(widowed,))])
    assert [(b.attribute.value, b.provenance.rule) for b in golden.attributes] == [("30", "recency")]


def test_whom_any_record_calls_dead_is_dead() -> None:
    golden = golden_record([record("a", 1, deceased=True), record("b", 2)])
    assert golden.deceased
    assert "deceased" in {p.field for p in golden.provenance}


def test_what_changed_names_fields_whatever_their_source() -> None:
    one = record("a", 1, attributes=(Attribute("phones", "12345"),))
    before = golden_record([one])
    assert changed_fields(before, golden_record([replace(one, local=LocalId("b", "1"))])) == ()
    assert changed_fields(before, golden_record([replace(one, deceased=True)])) == ("deceased",)
    assert changed_fields(before, golden_record([replace(one, attributes=())])) == ("phones",)
    assert changed_fields(None, before) == ("name", "phones")
    assert changed_fields(before, None) == ("name", "phones")


RECORDS = st.builds(
    record,
    st.sampled_from(["a", "b", "c"]),
    st.integers(0, 3),
    st.sampled_from([None, "甲", "乙"]),
    level=st.sampled_from(list(Verification)),
    deceased=st.booleans(),
)


@given(st.lists(RECORDS, max_size=6, unique_by=lambda r: r.local), st.randoms(use_true_random=False))
def test_the_order_of_the_records_does_not_matter(records: list[SourceRecord], random: object) -> None:
    shuffled = list(records)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert golden_record(records) == golden_record(shuffled)
