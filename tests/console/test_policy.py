"""Policy and model at the console."""

from typing import Any

import pytest

from app.adapters.reference.policy import load_policy
from app.console.catalogue import messages
from app.core.access.roles import Role
from app.core.matching.comparison import Element
from app.core.matching.model import LEVELS


@pytest.mark.parametrize("role", list(Role))
async def test_everybody_who_works_here_reads_the_rules_in_both_languages(site: Any, role: Role) -> None:
    for language, rule, threshold in (
        ("en", "Affairs of the deceased", "Certain from"),
        ("zh", "逝者事务", "确定 ≥"),
    ):
        page = (await (await site.visitor(role, language=language)).get("/policy")).text
        assert rule in page
        assert threshold in page
        assert site.console.services.policy.version in page
        assert "&amp;" not in page


@pytest.mark.parametrize("name", ["default", "strict"])
def test_shipped_rules_are_put_into_chinese(name: str) -> None:
    """The English catalogue holds each rule's own text: a translation of another text would not be shown."""
    known = messages("en")
    for rule in load_policy(name).policy.rules:
        assert known[f"rule_says.{name}.{rule.code}"] == f"{rule.says} {rule.law}"


async def test_the_reasons_of_rules_are_in_the_readers_language(site: Any) -> None:
    page = (await (await site.visitor(Role.AUDITOR, language="zh")).get("/policy")).text
    assert "《民法典》第一千二百二十条" in page
    assert "Civil Code" not in page
    english = (await (await site.visitor(Role.AUDITOR)).get("/policy")).text
    assert "Elder care and medical partners may read their own records, for care management," in english


async def test_without_reviews_there_is_nothing_to_try(site: Any) -> None:
    browser = await site.visitor(Role.STEWARD)
    for query in ("", "?certain=3&possible=-2", "?certain=nan&possible=x", "?certain=1e9"):
        assert "no reviews to try" in (await browser.get(f"/policy{query}")).text


def test_every_rule_and_level_has_words(site: Any) -> None:
    for language in ("en", "zh"):
        known = messages(language)
        assert [r.code for r in site.console.services.policy.rules if f"rule.{r.code}" not in known] == []
        wanted = {f"level.{element.value}.{level.value}" for element in Element for level in LEVELS[element]}
        assert wanted - set(known) == set()
