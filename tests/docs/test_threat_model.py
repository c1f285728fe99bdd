"""The threat model names tests: each of them exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`")


@pytest.fixture(scope="module")
def text() -> str:
    return (ROOT / "docs" / "threat-model.md").read_text("utf-8")


def _is_there(file: str, name: str) -> bool:
    path = ROOT / file
    pattern = rf"^(?:async )?def {name or 'test_'}"
    return path.is_file() and re.search(pattern, path.read_text("utf-8"), re.MULTILINE) is not None


def test_every_test_that_is_named_exists(text: str) -> None:
    named = NAMED.findall(text)
    assert len(named) > 50
    assert [f"{file}::{name}" for file, name in named if not _is_there(file, name)] == []


def test_every_threat_has_a_test(text: str) -> None:
    threats = text[text.index("## Spoofing") : text.index("## What remains")].splitlines()
    rows = [line for line in threats if line.startswith("| ") and not line.startswith("| threat")]
    assert len(rows) > 40
    assert [row for row in rows if not NAMED.search(row)] == []
