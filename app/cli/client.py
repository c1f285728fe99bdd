"""`cdc client`."""

import asyncio
import json
from typing import Annotated, Literal

import typer

from app.bootstrap.operator import operator_services
from app.cli.failures import explained, fail
from app.core.access.scope import Domain, Scope
from app.services.manage_clients import DEFAULT_RATE, ClientSecret, NewClient
from app.settings import read_settings

app = typer.Typer(help="Partner systems and administrators' tools.", no_args_is_help=True)


@app.command()
def create(
    client_id: Annotated[str, typer.Option("--client-id", help="Lower-case letters, digits, - and _.")],
    scopes: Annotated[str, typer.Option(help=f"Of: {' '.join(Scope)}.")],
    domain: Annotated[Domain | None, typer.Option(help="The partner's own domain.")] = None,
    source_systems: Annotated[
        str | None, typer.Option(help="What it registers for and reads of, or 'all'. Default: its domain's.")
    ] = None,
    rate: Annotated[str, typer.Option(help="Requests a second, or 'none'.")] = str(DEFAULT_RATE),
    as_json: Annotated[bool, typer.Option("--json", help="One line: client_id and client_secret.")] = False,
) -> None:
    """Register a client. Its secret is shown this once and kept only as a keyed digest."""
    new = NewClient(client_id, _scopes(scopes), domain, _systems(source_systems), _rate(rate))
    with explained():
        made = asyncio.run(_create(new))
    _show(made, as_json)


@app.command("rotate-secret")
def rotate_secret(
    client_id: Annotated[str, typer.Argument(help="A registered client.")],
    as_json: Annotated[bool, typer.Option("--json", help="One line: client_id and client_secret.")] = False,
) -> None:
    """Give a client a new secret; the old one is good no longer. It is shown this once."""
    with explained():
        made = asyncio.run(_rotate_secret(client_id))
    _show(made, as_json)


def _show(made: ClientSecret, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"client_id": made.client.client_id, "client_secret": made.secret}))
    else:
        typer.echo(f"client_id      {made.client.client_id}\nclient_secret  {made.secret}")


async def _create(new: NewClient) -> ClientSecret:
    async with operator_services(read_settings()) as services:
        return await services.manage_clients.create(new, None)


async def _rotate_secret(client_id: str) -> ClientSecret:
    async with operator_services(read_settings()) as services:
        return await services.manage_clients.rotate_secret(client_id, None)


def _scopes(text: str) -> frozenset[Scope]:
    try:
        return frozenset(map(Scope, text.split()))
    except ValueError:
        raise fail(f"--scopes: each must be one of {' '.join(Scope)}") from None


def _systems(text: str | None) -> "frozenset[str] | Literal['all'] | None":
    if text is None or text == "all":
        return None if text is None else "all"
    return frozenset(text.split())


def _rate(text: str) -> int | None:
    if text == "none":
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) < 1:
        raise fail("--rate must be a whole number of requests a second, or none")
    return int(text)
