"""The pages name only commands that there are."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from app.cli.root import app

NOWHERE: Any = None  # no context is needed to find a command
ROOT = Path(__file__).parents[2]
PAGES = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md", ROOT / "deploy" / "README.md"]
NAMED = re.compile(r"(?:^|[`\s(/])cdc ((?:[a-z][a-z-]*)(?: [a-z][a-z-]+)?)(?=[\s`.,;:)]|$)", re.MULTILINE)


def unknown(text: str) -> list[str]:
    """Commands of a page's code that the program has not."""
    code = re.findall(r"`([^`\n]+)`|^ {4}(.+)$", text, re.MULTILINE)
    named = [match for pair in code for match in NAMED.findall("`" + (pair[0] or pair[1]))]
    return [words for words in named if not exists(typer.main.get_command(app), words.split())]


def exists(command: Any, words: list[str]) -> bool:
    """Whether the first word is a command of the group, and so on; what follows a command are arguments."""
    if not isinstance(command, TyperGroup) or not words:
        return True
    below: Any = command.get_command(NOWHERE, words[0])
    return below is not None and exists(below, words[1:])


CALLED = re.compile(r"(?<![\w-])cdc ([a-z][^\n`|;&]*)")


def unknown_options(text: str) -> list[str]:
    """Options that a page gives to a command which has none of that name."""
    found = []
    for line in CALLED.findall(text):
        command: Any = typer.main.get_command(app)
        words = line.split()
        while words and isinstance(command, TyperGroup) and (below := command.get_command(NOWHERE, words[0])):
            command, words = below, words[1:]
        known = {
            name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)
        }
        if not isinstance(command, TyperGroup):
            found += [word for word in words if re.fullmatch(r"--[a-z-]+", word) and word not in known]
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_option_that_a_page_names_exists(page: Path) -> None:
    assert unknown_options(page.read_text(encoding="utf-8")) == []


def test_an_option_that_is_not_there_is_found() -> None:
    assert unknown_options("`cdc serve --workers 2 --threads 4`, cdc audit verify --key K") == ["--threads"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    assert unknown(page.read_text(encoding="utf-8")) == []


def test_a_command_that_is_not_there_is_found() -> None:
    assert unknown("Run `cdc audit verify x`, `cdc audit prove`, or\n\n    cdc fly away\n") == [
        "audit prove",
        "fly away",
    ]
