"""`cdc` and its groups of commands."""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

_COMMANDS = {
    "serve": "serve:serve",
    "init": "database:init",
    "import": "importing:import_file",
    "quality": "quality:quality",
    "demo": "demo:demo",
    "evaluate": "evaluate:evaluate",
    "link": "linking:link",
    "openapi": "openapi:openapi",
    "db": "database:app",
    "export": "export:app",
    "client": "client:app",
    "account": "account:app",
    "audit": "audit:app",
    "model": "model:app",
    "index": "index:app",
    "keys": "keys:app",
    "policy": "policy:app",
    "erase": "erasing:app",
}
"""Where each command is: a function, or a group of its own."""


class _Commands(TyperGroup):
    """Imports the module of the command that is asked for: to import all of them takes a second and more."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the signature is click's
        """The names, in the order of `--help`."""
        return list(_COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """The command of that name; None where there is none."""
        place = _COMMANDS.get(cmd_name)
        return None if place is None else _load(cmd_name, *place.split(":"))


app = typer.Typer(
    name="cdc",
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def cdc() -> None:
    """Customer Data Center: one identity for each customer, and who may see their records."""


def main() -> None:
    """The console script's entry."""
    app()


def _load(name: str, module: str, attribute: str) -> Any:
    found = getattr(import_module(f"app.cli.{module}"), attribute)
    if isinstance(found, typer.Typer):
        command: Any = get_group(found)  # one of a single command is a group, too
    else:
        alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        alone.command(name)(found)
        command = get_command(alone)
    command.name = name
    return command
