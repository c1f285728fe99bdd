"""`cdc account`."""

import asyncio
import json
from typing import Annotated

import typer

from app.bootstrap.accounts import managing_accounts
from app.bootstrap.ground import open_ground
from app.cli.failures import explained, fail
from app.core.access.account import Account
from app.core.access.roles import Role
from app.services.manage_accounts import OneTimePassword
from app.settings import read_settings

app = typer.Typer(help="People who work at the console.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Lower-case letters, digits, '.', '_' and '-'.")]
AsJson = Annotated[bool, typer.Option("--json", help="One line: name and one_time_password.")]


@app.command()
def create(
    names: Annotated[list[str], typer.Argument(help="Lower-case letters, digits, '.', '_' and '-'.")],
    roles: Annotated[
        list[Role], typer.Option("--role", help="What they work as: one for each name, or one for all.")
    ],
    renew: Annotated[
        bool, typer.Option("--renew", help="Give an account that there is a new one-time password.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make accounts. The one-time password is shown this once, and is good for 24 hours."""
    if len(roles) not in (1, len(names)):
        raise fail("--role must be given once, or once for each name")
    each = roles if len(roles) == len(names) else roles * len(names)
    with explained():
        made = asyncio.run(_create(list(zip(names, each, strict=True)), renew))
    for account in made:
        _show(account, as_json)


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


async def _create(wanted: list[tuple[str, Role]], renew: bool) -> list[OneTimePassword]:
    async with open_ground(read_settings()) as ground:
        accounts = managing_accounts(ground)
        known = {account.name for account in await accounts.list()} if renew else set()
        return [
            await (accounts.reset(name) if name in known else accounts.create(name, role))
            for name, role in wanted
        ]


async def _reset(name: str) -> OneTimePassword:
    async with open_ground(read_settings()) as ground:
        return await managing_accounts(ground).reset(name)


async def _set_active(name: str, active: bool) -> None:
    async with open_ground(read_settings()) as ground:
        await managing_accounts(ground).set_active(name, active)


async def _list() -> list[Account]:
    async with open_ground(read_settings()) as ground:
        return list(await managing_accounts(ground).list())
