"""The `cdc` command as a person runs it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.adapters.crypto.key_file import generate_keys
from app.cli.root import app

Cdc = Callable[..., Result]


def refused(done: Result) -> str:
    """The one line with which `cdc` says why it does nothing."""
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
    assert done.output.startswith("cdc: ")
    assert done.output.count("\n") == 1
    return done.output


@pytest.fixture
def cdc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cdc:
    """Runs `cdc` with arguments; its data directory is empty, and it starts in `tmp_path`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CDC_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str | Path, stdin: str | None = None) -> Result:
        return CliRunner().invoke(app, [str(a) for a in arguments], input=stdin)

    return run


@pytest.fixture
def runner(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Commands on a migrated database, with keys."""
    monkeypatch.setenv("CDC_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CDC_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("CDC_KEYS", json.dumps(generate_keys()))
    return CliRunner()
