"""`cdc keys`."""

import asyncio
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

import typer

from app.adapters.crypto.key_rotation import older_keys, retire_older_keys
from app.bootstrap.ground import read_key_ring
from app.cli.failures import explained, fail
from app.cli.rotating import (
    Rotated,
    record,
    reindex,
    replace_signing,
    resting_rows,
    rotate_data,
    rotate_index,
    rotate_key,
    settle_data,
)
from app.settings import Settings, read_settings

app = typer.Typer(help="The installation's keys.", no_args_is_help=True)


class Settled(StrEnum):
    """The lists of keys under whose older ones something is stored."""

    DATA = "data"
    INDEX = "index"


class Retired(StrEnum):
    """The lists of keys whose older ones can be taken out."""

    DATA = "data"


@app.command()
def rotate(
    which: Annotated[
        Rotated, typer.Argument(help="signing: of tokens. data: of what is stored. index: of look-ups.")
    ],
    compromised: Annotated[
        bool, typer.Option("--compromised", help="signing: the old keys are worth nothing, at once.")
    ] = False,
) -> None:
    """Make a new key the active one. Running services take it up by themselves."""
    if compromised and which is not Rotated.SIGNING:
        raise typer.BadParameter("--compromised is for signing keys: other keys still open what they closed")
    with explained():
        settings = _settings()
        match which:
            case Rotated.INDEX:
                key_id = rotate_index(settings)
            case Rotated.DATA:
                key_id = rotate_data(settings)
            case Rotated.SIGNING:
                file = settings.keys_file
                key_id = replace_signing(file) if compromised else rotate_key(file, which)
                asyncio.run(record(settings, which, key_id, "compromised" if compromised else "rotated"))
    typer.echo(f"{which}: {key_id} is the active key; back up {settings.keys_file}")


@app.command()
def settle(
    which: Annotated[Settled, typer.Argument(help="data: of what is stored. index: of look-ups.")],
) -> None:
    """Bring what older keys closed under the active one, as a rotation does by itself. For keys of CDC_KEYS:
    run it when every service has been started anew with the new key first.

    Exit status 1 where something is left."""
    with explained():
        settings = read_settings()
        ring = read_key_ring(settings)
        active = (ring.data if which is Settled.DATA else ring.index)[0].key_id
        settled = settle_data if which is Settled.DATA else reindex
        left = asyncio.run(settled(settings, active))
    typer.echo(f"{left or 'nothing'} left under an older key than {active}")
    if left:
        raise typer.Exit(1)


@app.command()
def rows() -> None:
    """How many rows of which table are sealed under each data key, or wrapped under it."""
    with explained():
        settings = read_settings()
        resting = asyncio.run(resting_rows(settings))
        ring = read_key_ring(settings).data
    for place, key in enumerate(ring):
        typer.echo(f"{key.key_id} ({'older' if place else 'active'}): {_told(resting, key.key_id)}")


@app.command()
def retire(which: Annotated[Retired, typer.Argument(help="data: keys of what is stored.")]) -> None:
    """Take those older keys out of the key file under which nothing is sealed any more.

    Exit status 1 where one has to stay; it is said what keeps it."""
    with explained():
        settings = _settings()
        active, older = older_keys(settings.keys_file, which.value)
        resting = asyncio.run(resting_rows(settings))
        free = [key_id for key_id in older if not resting.get(key_id)]
        for key_id in retire_older_keys(settings.keys_file, which.value, active, free):
            asyncio.run(record(settings, Rotated.DATA, key_id, "retired"))
            typer.echo(f"{key_id} is retired: backups from before need it, keep it with them")
        kept = [key_id for key_id in older if key_id not in free]
        for key_id in kept:
            typer.echo(f"{key_id} stays: {_told(resting, key_id)}", err=True)
    if kept:
        raise typer.Exit(1)


def _settings() -> Settings:
    settings = read_settings()
    if settings.keys is not None:
        raise fail("the keys come from CDC_KEYS: change them where it is set, and start anew")
    return settings


def _told(resting: Mapping[str, Mapping[str, int]], key_id: str) -> str:
    rows = resting.get(key_id) or {}
    return ", ".join(f"{table} {count:,}" for table, count in rows.items()) or "nothing"
