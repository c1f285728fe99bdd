"""Alert rules as data: the shipped file reads, and a wrong one says where it is wrong."""

from typing import Any

import orjson
import pytest

from app.adapters.reference.alert_rules import (
    InvalidAlertRules,
    load_shipped_alert_rules,
    parse_alert_rules,
)

PROBING: dict[str, Any] = {
    "misses": {"least": 2, "seconds": 60, "share": 0.5},
    "people_with_one_number": {"least": 2, "seconds": 60},
    "numbers_with_one_person": {"least": 2, "seconds": 60},
    "paces": [],
}
WATCH: dict[str, Any] = {
    "code": "x",
    "severity": "notice",
    "subjects": ["client_id"],
    "kinds": ["match"],
    "least": 1,
    "seconds": 60,
}


def test_the_shipped_rules_read_and_are_those_of_the_page(request: pytest.FixtureRequest) -> None:
    rules = load_shipped_alert_rules()
    page = (request.config.rootpath / "docs/alerts.md").read_text(encoding="utf-8")
    for watch in rules.watches:
        assert f"`{watch.code}`" in page
    assert [pace.for_seconds for pace in rules.probing.paces] == [600, 3600, 21600]


def _with(**changed: Any) -> dict[str, Any]:
    return {"probing": PROBING, "watches": [{**WATCH, **changed}]}


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ([], "the file must have probing, watches"),
        ({"probing": PROBING}, "the file must have probing, watches"),
        ({"probing": {**PROBING, "paces": 3}, "watches": []}, "paces must be a list"),
        ({"probing": {**PROBING, "paces": [{}]}, "watches": []}, r"paces\[0\] must have for_seconds"),
        ({"probing": {**PROBING, "misses": {**PROBING["misses"], "share": 2}}, "watches": []}, "share"),
        ({"probing": PROBING, "watches": [WATCH, WATCH]}, "different codes"),
        (_with(kinds=["nonsense"]), r"watches\[0\].kinds must be of match"),
        (_with(kinds=[]), "at least one"),
        (_with(severity="bad"), "notice, warning, critical"),
        (_with(code="a b"), "code"),
        (_with(least=0), "least"),
        (_with(least=True), "least"),
        (_with(seconds=10**7), "seconds"),
        (_with(between=["22:00"]), "two times"),
        (_with(between=["late", "early"]), "two times"),
        (_with(distinct="name"), "distinct must be of client_id, customer_id"),
        (_with(outcomes="deny"), "list of words"),
        (_with(surprise=1), "may have between"),
    ],
)
def test_what_is_wrong_is_named(given: Any, named: str) -> None:
    with pytest.raises(InvalidAlertRules, match=named):
        parse_alert_rules(orjson.dumps(given))


def test_what_is_no_json_is_said() -> None:
    with pytest.raises(InvalidAlertRules, match="one JSON object"):
        parse_alert_rules(b"{")
