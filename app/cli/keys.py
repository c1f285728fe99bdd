"""`cdc keys`."""

import asyncio
import time
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.adapters.crypto.key_rotation import Purpose, announce_key, promote_key, replace_signing_keys
from app.bootstrap.operator import operator_services
from app.cli.failures import explained, fail
from app.core.access.lifetimes import LONGEST
from app.settings import Settings, read_settings

app = typer.Typer(help="The installation's keys.", no_args_is_help=True)

TAKEN_UP_AFTER = 5.0
"""Seconds for which a new key is known before it is used: every process looks once a second."""


class Rotated(StrEnum):
    """The lists of keys that can be rotated."""

    SIGNING = "signing"
    DATA = "data"


@app.callback()
def keys() -> None:
    """The installation's keys."""


@app.command()
def rotate(
    which: Annotated[Rotated, typer.Argument(help="signing: of tokens. data: of what is stored.")],
    compromised: Annotated[
        bool, typer.Option("--compromised", help="signing: the old keys are worth nothing, at once.")
    ] = False,
) -> None:
    """Make a new key the active one. Running services take it up by themselves."""
    if compromised and which is not Rotated.SIGNING:
        raise typer.BadParameter("--compromised is for signing keys: other keys still open what they closed")
    with explained():
        settings = read_settings()
        if settings.keys is not None:
            raise fail("the keys come from CDC_KEYS: rotate them where it is set, and start anew")
        key_id = _replace(settings.keys_file) if compromised else _rotate(settings.keys_file, which)
        asyncio.run(_record(settings, which, key_id, compromised))
    typer.echo(f"{which}: {key_id} is the active key; back up {settings.keys_file}")


def _replace(file: Path) -> str:
    key_id = replace_signing_keys(file)
    typer.echo("every token that was issued before is dead; clients fetch new ones")
    return key_id


def _rotate(file: Path, which: Rotated) -> str:
    purpose: Purpose = "signing" if which is Rotated.SIGNING else "data"
    key_id = announce_key(file, purpose)
    typer.echo(f"{key_id} is announced; it is used in {TAKEN_UP_AFTER:g} seconds")
    time.sleep(TAKEN_UP_AFTER)
    promote_key(file, purpose, datetime.now(UTC), LONGEST if purpose == "signing" else None)
    return key_id


async def _record(settings: Settings, which: Rotated, key_id: str, compromised: bool) -> None:
    async with operator_services(settings) as services:
        await services.record_key_rotation(which.value, key_id, compromised=compromised)
