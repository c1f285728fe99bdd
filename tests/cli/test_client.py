"""`cdc client`."""

import json

import pytest
from typer.testing import CliRunner

from app.cli.root import app


@pytest.mark.parametrize(
    "granted",
    [
        ["--role", "auditor"],
        ["--role", "administrator"],
        ["--role", "auditor", "--scopes", "data:erase"],
        ["--scopes", "audit:read data:erase policy:admin customer:read"],
    ],
)
def test_a_role_or_scopes_make_a_client(runner: CliRunner, granted: list[str]) -> None:
    made = runner.invoke(app, ["client", "create", "--client-id", "desk", *granted, "--json"])
    assert made.exit_code == 0, made.output
    assert set(json.loads(made.output)) == {"client_id", "client_secret"}
    assert runner.invoke(app, ["client", "rotate-secret", "desk", "--json"]).exit_code == 0


@pytest.mark.parametrize(
    ("granted", "said"),
    [
        (["--scopes", "client:admin audit:read"], ("client:admin", "audit:read")),
        (["--role", "administrator", "--scopes", "data:erase"], ("client:admin", "data:erase")),
        (["--role", "king"], ("king",)),
        ([], ("--scopes or --role",)),
    ],
)
def test_a_wrong_use_is_explained(runner: CliRunner, granted: list[str], said: tuple[str, ...]) -> None:
    refused = runner.invoke(app, ["client", "create", "--client-id", "desk", *granted])
    assert refused.exit_code == 2
    assert all(word in refused.output for word in said)
