"""Survivorship rules from a file: what is taken, and what is refused by name."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.adapters.reference.survivorship import (
    InvalidSurvivorship,
    load_shipped_survivorship,
    load_survivorship,
    parse_survivorship,
)
from app.core.index.golden_record import BY_VERIFICATION_AND_TIME, SurvivorshipRules


def test_the_shipped_rules_put_no_system_first() -> None:
    assert load_shipped_survivorship() == BY_VERIFICATION_AND_TIME


def test_a_field_of_its_own_goes_before_the_order_of_all(tmp_path: Path) -> None:
    file = tmp_path / "rules.json"
    document = {"source_order": ["medical", "elder_care"], "fields": {"deceased": ["funeral"], "phones": []}}
    file.write_text(json.dumps(document))
    rules = load_survivorship(file)
    assert rules == SurvivorshipRules(("medical", "elder_care"), {"deceased": ("funeral",), "phones": ()})
    assert [rules.place("name", s) for s in ("medical", "elder_care", "funeral")] == [0, 1, 2]
    assert rules.place("deceased", "funeral") < rules.place("deceased", "medical")


def test_both_keys_may_be_left_out() -> None:
    assert parse_survivorship(b"{}") == SurvivorshipRules()


@pytest.mark.parametrize(
    ("document", "named"),
    [
        (b"{", "JSON object"),
        ([], "source_order and fields"),
        ({"order": []}, "source_order and fields"),
        ({"fields": []}, "fields may name"),
        ({"fields": {"shoe_size": []}}, "fields may name name, gender"),
        ({"source_order": "medical"}, "source_order must be a list"),
        ({"source_order": ["medical", 1]}, "source_order must be a list"),
        ({"fields": {"name": [""]}}, "name must be a list"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(document: Any, named: str) -> None:
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    with pytest.raises(InvalidSurvivorship, match=named):
        parse_survivorship(text)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="rules"):
        load_survivorship(tmp_path / "rules.json")
