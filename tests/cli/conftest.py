"""The `cdc` command as a person runs it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli.root import app

Cdc = Callable[..., Result]


@pytest.fixture
def cdc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cdc:
    """Runs `cdc` with arguments; its data directory is empty, and it starts in `tmp_path`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CDC_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str | Path, stdin: str | None = None) -> Result:
        return CliRunner().invoke(app, [str(a) for a in arguments], input=stdin)

    return run
