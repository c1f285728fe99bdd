"""The files under openapi/ are what the code says."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "openapi"


def test_the_file_is_what_the_code_says(name: str, document: dict[str, Any]) -> None:
    written = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    assert written == document, "the contract has changed: run `make openapi` and look at the difference"


def test_the_order_is_stable(name: str, document: dict[str, Any]) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=2)
    assert (FOLDER / f"{name}.json").read_text(encoding="utf-8") == f"{text}\n"
