"""The pages name only calls that the centers answer."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [*sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("README*.md"))]
CALL = re.compile(r"\b(GET|POST|PUT|DELETE)? ?(?:https://[\w.]+|\"?\$[CH]DC)?(/(?:v1|oauth2)/[\w$./{}*…-]+)")
ANYTHING = re.compile(r"\{[^}]*\}?|\$\w+|…|\*")


def answered() -> dict[str, set[str]]:
    """Path → methods, of both centers; a parameter is `*`."""
    found: dict[str, set[str]] = {}
    for file in sorted((ROOT / "openapi").glob("*.json")):
        for path, operations in json.loads(file.read_text(encoding="utf-8"))["paths"].items():
            found.setdefault(ANYTHING.sub("*", path), set()).update(map(str.upper, operations))
    return found


def fits(named: str, path: str) -> bool:
    """Whether both are one path: a part with a place for something fits any part."""
    one, two = named.split("/"), path.split("/")
    return len(one) == len(two) and all(a == b or "*" in a or b == "*" for a, b in zip(one, two, strict=True))


def unanswered(text: str) -> list[str]:
    """The calls of a page that neither center answers."""
    calls = answered()
    missing = []
    for method, named in CALL.findall(text):
        path = ANYTHING.sub("*", named).rstrip("./")
        methods = [calls[each] for each in calls if fits(path, each)]
        if not any(not method or method in each for each in methods):
            missing.append(f"{method} {named}".strip())
    return missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_call_that_a_page_names_is_answered(page: Path) -> None:
    assert unanswered(page.read_text(encoding="utf-8")) == []


def test_a_call_that_nobody_answers_is_found() -> None:
    text = 'PUT /v1/match; curl "$CDC/v1/nothing/$ID"; `GET /v1/customers/{id}`; POST /oauth2/token'
    assert unanswered(text) == ["PUT /v1/match", "/v1/nothing/$ID"]
