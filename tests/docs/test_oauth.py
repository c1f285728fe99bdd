"""docs/oauth.md: every section of a standard names tests that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
_NAMED = re.compile(r"`(tests/[\w/]+\.py)?(?:::(test_\w+))`")


def test_every_test_that_is_named_is_there() -> None:
    text = (ROOT / "docs" / "oauth.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| RFC ")]
    assert len(rows) > 20
    missing = []
    for row in rows:
        file = ""
        found = _NAMED.findall(row)
        assert found, row
        for named, test in found:
            file = named or file
            if f"def {test}(" not in (ROOT / file).read_text(encoding="utf-8"):
                missing.append(f"{file}::{test}")
    assert not missing
