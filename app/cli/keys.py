"""`cdc keys`."""

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from app.adapters.crypto.key_rotation import (
    announce_key,
    older_keys,
    promote_key,
    replace_signing_keys,
    retire_older_keys,
    unfinished_rotation,
)
from app.bootstrap.ground import read_key_ring
from app.bootstrap.operator import operator_services
from app.cli.failures import explained, fail
from app.core.access.lifetimes import LONGEST
from app.services.record_key_rotation import Outcome
from app.settings import Settings, read_settings

app = typer.Typer(help="The installation's keys.", no_args_is_help=True)

TAKEN_UP_AFTER = 5.0
"""Seconds for which a new key is known before it is used: every process looks once a second."""

INDEX_TAKEN_UP_AFTER = 15.0
"""The same for a key of the index: who does not know it yet may wait for a lock, 10 s at most, before they
look somebody up."""


class Rotated(StrEnum):
    """The lists of keys that can be rotated."""

    SIGNING = "signing"
    DATA = "data"
    INDEX = "index"


class Retired(StrEnum):
    """The lists of keys whose older ones can be taken out."""

    DATA = "data"


@app.callback()
def keys() -> None:
    """Rotate the installation's keys: `cdc keys rotate signing|data|index`."""
    # Typer makes a group of a single command only where it finds a callback; its docstring is the help.


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
                key_id = _rotate_index(settings)
            case Rotated.DATA:
                key_id = _rotate_data(settings)
            case Rotated.SIGNING:
                key_id = _replace(settings.keys_file) if compromised else _rotate(settings.keys_file, which)
                asyncio.run(_record(settings, which, key_id, "compromised" if compromised else "rotated"))
    typer.echo(f"{which}: {key_id} is the active key; back up {settings.keys_file}")


@app.command()
def rows() -> None:
    """How many rows of which table are sealed under each data key, or wrapped under it."""
    with explained():
        settings = read_settings()
        resting = asyncio.run(_resting(settings))
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
        resting = asyncio.run(_resting(settings))
        free = [key_id for key_id in older if not resting.get(key_id)]
        for key_id in retire_older_keys(settings.keys_file, which.value, active, free):
            asyncio.run(_record(settings, Rotated.DATA, key_id, "retired"))
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


def _replace(file: Path) -> str:
    key_id = replace_signing_keys(file)
    typer.echo("every token that was issued before is dead; clients fetch new ones")
    return key_id


def _rotate(file: Path, which: Rotated) -> str:
    key_id = announce_key(file, which.value)
    seconds = INDEX_TAKEN_UP_AFTER if which is Rotated.INDEX else TAKEN_UP_AFTER
    typer.echo(f"{key_id} is announced; it is used in {seconds:g} seconds")
    time.sleep(seconds)
    promote_key(file, which.value, datetime.now(UTC), LONGEST if which is Rotated.SIGNING else None)
    return key_id


def _rotate_index(settings: Settings) -> str:
    """A rotation whose records are not all under the new key goes on; otherwise a new one begins."""
    file = settings.keys_file
    resumed = unfinished_rotation(file, "index")
    key_id = resumed or _rotate(file, Rotated.INDEX)
    asyncio.run(_record(settings, Rotated.INDEX, key_id, "resumed" if resumed else "rotated"))
    typer.echo(f"{key_id} is active; re-indexing begins in {INDEX_TAKEN_UP_AFTER:g} seconds")
    time.sleep(INDEX_TAKEN_UP_AFTER)  # whoever still writes under an older key ends
    left = asyncio.run(_reindex(settings, key_id))
    if left:
        raise fail(f"{left} records are still under an older key, which stays; run it again")
    retired = retire_older_keys(file, "index", key_id)
    typer.echo(f"no record is under {', '.join(retired) or 'another key'} any more: retired")
    return key_id


async def _reindex(settings: Settings, key_id: str) -> int:
    """Returns how many records are left under an older key."""
    async with operator_services(settings) as services:
        with Progress(console=Console(stderr=True)) as bar:
            task = bar.add_task("re-indexing", total=await services.reindex_records.left())
            done = await services.reindex_records(lambda records: bar.advance(task, records))
        left = await services.reindex_records.left()
        counts = {"records": done, "left": left}
        await services.record_key_rotation("index", key_id, "reindexed", counts)
    return left


def _rotate_data(settings: Settings) -> str:
    """A rotation that left something under an older key goes on; otherwise a new one begins."""
    active, older = older_keys(settings.keys_file, "data")
    resumed = bool(older) and asyncio.run(_left(settings)) > 0
    key_id = active if resumed else _rotate(settings.keys_file, Rotated.DATA)
    asyncio.run(_record(settings, Rotated.DATA, key_id, "resumed" if resumed else "rotated"))
    typer.echo(f"what older keys sealed is sealed under it in {TAKEN_UP_AFTER:g} seconds")
    time.sleep(TAKEN_UP_AFTER)  # whoever still writes under an older key ends
    wrapped = asyncio.run(_rewrap(settings, key_id))
    sealed = asyncio.run(_reseal(settings, key_id))
    typer.echo(f"{wrapped} customers' keys are wrapped under it, {sealed} rows are sealed under it")
    return key_id


async def _left(settings: Settings) -> int:
    async with operator_services(settings) as services:
        return await services.rewrap_keys.left() + await services.reseal_rows.left()


async def _resting(settings: Settings) -> Mapping[str, Mapping[str, int]]:
    async with operator_services(settings) as services:
        return await services.reseal_rows.resting()


async def _reseal(settings: Settings, key_id: str) -> int:
    """Returns how many rows were sealed anew."""
    async with operator_services(settings) as services:
        with Progress(console=Console(stderr=True)) as bar:
            task = bar.add_task("sealing anew", total=await services.reseal_rows.left())
            done = await services.reseal_rows(lambda rows: bar.advance(task, rows))
        counts = {"rows": done, "left": await services.reseal_rows.left()}
        await services.record_key_rotation("data", key_id, "resealed", counts)
    return done


async def _rewrap(settings: Settings, key_id: str) -> int:
    """Returns how many customers' keys were wrapped anew."""
    async with operator_services(settings) as services:
        with Progress(console=Console(stderr=True)) as bar:
            task = bar.add_task("wrapping customers' keys", total=await services.rewrap_keys.left())
            done = await services.rewrap_keys(lambda keys: bar.advance(task, keys))
        counts = {"keys": done, "left": await services.rewrap_keys.left()}
        await services.record_key_rotation("data", key_id, "rewrapped", counts)
    return done


async def _record(settings: Settings, which: Rotated, key_id: str, outcome: Outcome) -> None:
    async with operator_services(settings) as services:
        await services.record_key_rotation(which.value, key_id, outcome, {})
