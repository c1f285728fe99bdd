"""`cdc client`."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from app.bootstrap.ground import open_ground
from app.bootstrap.index import managing_clients
from app.cli.failures import explained, fail
from app.core.access.client_keys import ClientKeys, UnusableKeys, registered_keys
from app.core.access.roles import SCOPES_OF, Role, held_together
from app.core.access.scope import Domain, Scope
from app.services.manage_clients import DEFAULT_RATE, ClientSecret, NewClient
from app.settings import read_settings

app = typer.Typer(help="Partner systems and administrators' tools.", no_args_is_help=True)

JwksOption = Annotated[
    Path | None, typer.Option(help="A file with its public keys (JWK Set: EC P-256), instead of a secret.")
]
JwksUriOption = Annotated[str | None, typer.Option(help="Where it publishes them, instead of a secret.")]


@app.command()
def create(
    client_id: Annotated[str, typer.Option("--client-id", help="Lower-case letters, digits, - and _.")],
    scopes: Annotated[str | None, typer.Option(help=f"Of: {' '.join(Scope)}.")] = None,
    role: Annotated[Role | None, typer.Option(help="A role's scopes, besides those of --scopes.")] = None,
    domain: Annotated[Domain | None, typer.Option(help="The partner's own domain.")] = None,
    source_systems: Annotated[
        str | None, typer.Option(help="What it registers for and reads of, or 'all'. Default: its domain's.")
    ] = None,
    rate: Annotated[str, typer.Option(help="Requests a second, or 'none'.")] = str(DEFAULT_RATE),
    jwks: JwksOption = None,
    jwks_uri: JwksUriOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One line: client_id and client_secret.")] = False,
) -> None:
    """Register a client. Its secret is shown this once and kept only as a keyed digest."""
    keys = _keys(jwks, jwks_uri) if jwks is not None or jwks_uri is not None else None
    new = NewClient(client_id, _granted(scopes, role), domain, _systems(source_systems), _rate(rate))
    with explained():
        shown = asyncio.run(_create(new, keys))
    _show(shown, as_json)


@app.command("rotate-secret")
def rotate_secret(
    client_id: Annotated[str, typer.Argument(help="A registered client.")],
    as_json: Annotated[bool, typer.Option("--json", help="One line: client_id and client_secret.")] = False,
) -> None:
    """Give a client a new secret; the old one is good no longer. It is shown this once."""
    with explained():
        made = asyncio.run(_rotate_secret(client_id))
    _show(_shown(made), as_json)


@app.command("set-keys")
def set_keys(
    client_id: Annotated[str, typer.Argument(help="A registered client.")],
    jwks: JwksOption = None,
    jwks_uri: JwksUriOption = None,
) -> None:
    """Have a client prove itself by these keys; its secret or old keys are good no longer."""
    keys = _keys(jwks, jwks_uri)
    with explained():
        asyncio.run(_set_keys(client_id, keys))
    typer.echo(f"{client_id} proves itself by private_key_jwt")


def _show(shown: dict[str, str], as_json: bool) -> None:
    typer.echo(json.dumps(shown) if as_json else "\n".join(f"{n:<15}{value}" for n, value in shown.items()))


def _shown(made: ClientSecret) -> dict[str, str]:
    return {"client_id": made.client.client_id, "client_secret": made.secret}


async def _create(new: NewClient, keys: ClientKeys | None) -> dict[str, str]:
    """What is shown of the new client: with keys it has no secret."""
    async with open_ground(read_settings()) as ground:
        clients = managing_clients(ground)
        if keys is None:
            return _shown(await clients.create(new, None))
        client = await clients.create_with_keys(new, keys, None)
        return {"client_id": client.client_id}


async def _rotate_secret(client_id: str) -> ClientSecret:
    async with open_ground(read_settings()) as ground:
        return await managing_clients(ground).rotate_secret(client_id, None)


async def _set_keys(client_id: str, keys: ClientKeys) -> None:
    async with open_ground(read_settings()) as ground:
        await managing_clients(ground).replace_keys(client_id, keys, None)


def _keys(file: Path | None, uri: str | None) -> ClientKeys:
    try:
        jwks = json.loads(file.read_text("utf-8")) if file is not None else None
        return registered_keys(jwks, uri)
    except UnusableKeys as unusable:
        raise fail(f"{'--jwks' if uri is None else '--jwks-uri'}: {unusable}") from None
    except (OSError, ValueError, RecursionError):
        raise fail("--jwks cannot be read as JSON") from None


def _granted(scopes: str | None, role: Role | None) -> frozenset[Scope]:
    """Of both options; duties that are separate are a wrong use of the command (exit status 2)."""
    if scopes is None and role is None:
        raise typer.BadParameter("--scopes or --role is needed")
    granted = _scopes(scopes or "") | (SCOPES_OF[role] if role is not None else frozenset[Scope]())
    if (pair := held_together(granted)) is not None:
        raise typer.BadParameter(f"no client holds {pair[0].value} and {pair[1].value}: make two")
    return granted


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
