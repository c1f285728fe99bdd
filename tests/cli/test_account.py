"""`cdc account`."""

import json

import pytest
from typer.testing import CliRunner

from app.cli.root import app


def test_accounts_are_made_listed_renewed_and_disabled(runner: CliRunner) -> None:
    two = ["account", "create", "li", "wu", "--role", "auditor", "--role", "steward", "--json"]
    made = runner.invoke(app, two)
    assert made.exit_code == 0, made.output
    first = {a["name"]: a["one_time_password"] for a in map(json.loads, made.output.splitlines())}
    assert list(first) == ["li", "wu"]
    again = runner.invoke(app, two)
    assert (again.exit_code, "taken" in again.output) == (1, True)
    renewed = runner.invoke(app, [*two, "--renew"])
    assert {a["name"] for a in map(json.loads, renewed.output.splitlines())} == {"li", "wu"}
    assert not set(first.values()) & {
        a["one_time_password"] for a in map(json.loads, renewed.output.splitlines())
    }
    assert runner.invoke(app, ["account", "disable", "wu"]).exit_code == 0
    shown = runner.invoke(app, ["account", "list"]).output.splitlines()
    assert [line.split()[:3] for line in shown] == [
        ["li", "auditor", "active"],
        ["wu", "steward", "disabled"],
    ]
    assert "one-time password" in runner.invoke(app, ["account", "reset", "li"]).output
    assert runner.invoke(app, ["account", "enable", "nobody"]).exit_code == 1


@pytest.mark.parametrize(
    "words",
    [
        ["a", "b", "c", "--role", "auditor", "--role", "steward"],
        ["A B", "--role", "auditor"],
        ["a", "--role", "king"],
        ["a"],
    ],
)
def test_what_cannot_be_made_is_refused(runner: CliRunner, words: list[str]) -> None:
    assert runner.invoke(app, ["account", "create", *words]).exit_code != 0
