"""The steps of a rotation of keys, as the command line takes them."""

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

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
from app.bootstrap.ground import open_ground
from app.bootstrap.rotation import recording_key_rotation, reindexing, resealing, rewrapping
from app.cli.failures import fail
from app.core.access.lifetimes import LONGEST
from app.services.record_key_rotation import Outcome
from app.settings import Settings

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


def replace_signing(file: Path) -> str:
    """A new signing key alone."""
    key_id = replace_signing_keys(file)
    typer.echo("every token that was issued before is dead; clients fetch new ones")
    return key_id


def rotate_key(file: Path, which: Rotated) -> str:
    """Announces a new key, waits until everybody knows it, and makes it the active one."""
    key_id = announce_key(file, which.value)
    seconds = INDEX_TAKEN_UP_AFTER if which is Rotated.INDEX else TAKEN_UP_AFTER
    typer.echo(f"{key_id} is announced; it is used in {seconds:g} seconds")
    time.sleep(seconds)
    promote_key(file, which.value, datetime.now(UTC), LONGEST if which is Rotated.SIGNING else None)
    return key_id


def rotate_index(settings: Settings) -> str:
    """A rotation whose records are not all under the new key goes on; otherwise a new one begins."""
    file = settings.keys_file
    resumed = unfinished_rotation(file, "index")
    key_id = resumed or rotate_key(file, Rotated.INDEX)
    asyncio.run(record(settings, Rotated.INDEX, key_id, "resumed" if resumed else "rotated"))
    typer.echo(f"{key_id} is active; re-indexing begins in {INDEX_TAKEN_UP_AFTER:g} seconds")
    time.sleep(INDEX_TAKEN_UP_AFTER)  # whoever still writes under an older key ends
    left = asyncio.run(reindex(settings, key_id))
    if left:
        raise fail(f"{left} records are still under an older key, which stays; run it again")
    retired = retire_older_keys(file, "index", key_id)
    typer.echo(f"no record is under {', '.join(retired) or 'another key'} any more: retired")
    return key_id


class _Work(Protocol):
    """What a new key makes necessary, row by row."""

    async def left(self) -> int: ...
    async def __call__(self, progress: Callable[[int], None]) -> int: ...


async def _work_off(work: _Work, name: str) -> tuple[int, int]:
    """Does it, with a progress bar. How many rows were done, and how many are left."""
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task(name, total=await work.left())
        done = await work(lambda rows: bar.advance(task, rows))
    return done, await work.left()


async def reindex(settings: Settings, key_id: str) -> int:
    """Returns how many records are left under an older key."""
    async with open_ground(settings) as ground:
        done, left = await _work_off(reindexing(ground), "re-indexing")
        counts = {"records": done, "left": left}
        await recording_key_rotation(ground)("index", key_id, "reindexed", counts)
    return left


def rotate_data(settings: Settings) -> str:
    """A rotation that left something under an older key goes on; otherwise a new one begins."""
    active, older = older_keys(settings.keys_file, "data")
    resumed = bool(older) and asyncio.run(_left_under_older(settings)) > 0
    key_id = active if resumed else rotate_key(settings.keys_file, Rotated.DATA)
    asyncio.run(record(settings, Rotated.DATA, key_id, "resumed" if resumed else "rotated"))
    typer.echo(f"what older keys sealed is sealed under it in {TAKEN_UP_AFTER:g} seconds")
    time.sleep(TAKEN_UP_AFTER)  # whoever still writes under an older key ends
    left = asyncio.run(settle_data(settings, key_id))
    if left:
        raise fail(f"{left} are still under an older key; run it again")
    return key_id


async def settle_data(settings: Settings, key_id: str) -> int:
    """What older data keys sealed, under the active one. Returns how much is left that may change."""
    wrapped, sealed = await _rewrap(settings, key_id), await _reseal(settings, key_id)
    typer.echo(f"{wrapped} customers' keys are wrapped under it, {sealed} rows are sealed under it")
    return await _left_under_older(settings)


async def _left_under_older(settings: Settings) -> int:
    async with open_ground(settings) as ground:
        return await rewrapping(ground).left() + await resealing(ground).left()


async def resting_rows(settings: Settings) -> Mapping[str, Mapping[str, int]]:
    """For each data key how many rows of which table rest under it."""
    async with open_ground(settings) as ground:
        return await resealing(ground).resting()


async def _reseal(settings: Settings, key_id: str) -> int:
    """Returns how many rows were sealed anew."""
    async with open_ground(settings) as ground:
        done, left = await _work_off(resealing(ground), "sealing anew")
        counts = {"rows": done, "left": left}
        await recording_key_rotation(ground)("data", key_id, "resealed", counts)
    return done


async def _rewrap(settings: Settings, key_id: str) -> int:
    """Returns how many customers' keys were wrapped anew."""
    async with open_ground(settings) as ground:
        done, left = await _work_off(rewrapping(ground), "wrapping customers' keys")
        counts = {"keys": done, "left": left}
        await recording_key_rotation(ground)("data", key_id, "rewrapped", counts)
    return done


async def record(settings: Settings, which: Rotated, key_id: str, outcome: Outcome) -> None:
    """Puts a change of keys on record."""
    async with open_ground(settings) as ground:
        await recording_key_rotation(ground)(which.value, key_id, outcome, {})
