"""`cdc account`."""

import asyncio
import json
from typing import Annotated

import typer

from app.bootstrap.operator import operator_services
from app.cli.failures import explained
from app.core.access.account import Account
from app.core.access.roles import Role
from app.services.manage_accounts import OneTimePassword
from app.settings import read_settings

app = typer.Typer(help="People who work at the console.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Lower-case letters, digits, '.', '_' and '-'.")]
AsJson = Annotated[bool, typer.Option("--json", help="One line: name and one_time_password.")]


@app.command()
def create(
    name: Name,
    role: Annotated[Role, typer.Option(help="What they work as.")],
    as_json: AsJson = False,
) -> None:
    """Make an account. The one-time password is shown this once, and is good for 24 hours."""
    with explained():
        made = asyncio.run(_create(name, role))
    _show(made, as_json)


@app.command()
def reset(name: Name, as_json: AsJson = False) -> None:
    """Give an account a new one-time password; whoever is signed in with it is signed out."""
    with explained():
        made = asyncio.run(_reset(name))
    _show(made, as_json)


@app.command()
def disable(name: Name) -> None:
    """Keep somebody out, at once."""
    with explained():
        asyncio.run(_set_active(name, False))
    typer.echo(f"{name} is disabled")


@app.command()
def enable(name: Name) -> None:
    """Let somebody in again."""
    with explained():
        asyncio.run(_set_active(name, True))
    typer.echo(f"{name} is enabled")


@app.command("list")
def list_accounts() -> None:
    """Every account: name, role, whether it is active, last sign-in (UTC)."""
    with explained():
        found = asyncio.run(_list())
    for account in found:
        seen = account.last_sign_in_at
        state = "active" if account.active else "disabled"
        last = seen.isoformat(timespec="seconds") if seen else "never"
        typer.echo(f"{account.name:<32} {account.role.value:<18} {state:<9} {last}")


def _show(made: OneTimePassword, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"name": made.account.name, "one_time_password": made.password}))
    else:
        typer.echo(f"account            {made.account.name}\none-time password  {made.password}")


async def _create(name: str, role: Role) -> OneTimePassword:
    async with operator_services(read_settings()) as services:
        return await services.manage_accounts.create(name, role)


async def _reset(name: str) -> OneTimePassword:
    async with operator_services(read_settings()) as services:
        return await services.manage_accounts.reset(name)


async def _set_active(name: str, active: bool) -> None:
    async with operator_services(read_settings()) as services:
        await services.manage_accounts.set_active(name, active)


async def _list() -> list[Account]:
    async with operator_services(read_settings()) as services:
        return list(await services.manage_accounts.list())
