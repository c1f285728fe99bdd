"""`cdc` itself: commands are imported when they are asked for."""

import subprocess
import sys
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from app.cli.root import app

GROUPS = {"db", "export", "client", "account", "audit", "model", "index", "keys", "policy", "erase"}
ROOT: Any = get_command(app)


@pytest.mark.parametrize("name", ROOT.list_commands(None))
def test_every_command_is_there_under_its_name(name: str) -> None:
    command = ROOT.get_command(None, name)
    assert command.name == name
    assert command.get_short_help_str()
    assert isinstance(command, TyperGroup) == (name in GROUPS)


def test_what_is_not_there_is_not_found() -> None:
    assert ROOT.get_command(None, "nonsense") is None


def test_what_is_not_asked_for_is_not_imported() -> None:
    loaded = "import sys, app.cli.root; print(sorted(m for m in sys.modules if m.startswith('app.')))"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['app.cli', 'app.cli.root']"
