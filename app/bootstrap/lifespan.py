"""What a worker opens when it starts and closes when its last request is done."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Protocol

import httpx
from fastapi import FastAPI

from app.adapters.checkpoints.file_place import FilePlace
from app.adapters.checkpoints.http_place import HttpPlace
from app.adapters.crypto.checkpoint_signer import NoteSigner
from app.adapters.ending import hearing_the_end
from app.adapters.hdc.client import TIMEOUT
from app.bootstrap.collector import calm_collector
from app.bootstrap.console import console_open
from app.bootstrap.ground import Ground, open_ground
from app.bootstrap.limits import guarding, watching
from app.bootstrap.policy import recording_policy
from app.bootstrap.serving import serving
from app.console.app import Console
from app.services.failure_tally import FailureTally
from app.services.index_events import IndexEvents
from app.services.log_ports import CheckpointPlace
from app.services.purge_imports import PurgeImports
from app.services.seal_log import SealLog
from app.services.sealer import Sealer
from app.settings import Settings

YOUNG_OBJECTS = 10_000
"""How many new objects the garbage collector waits for. A request makes hundreds; with Python's default of
700 it would search in vain after every second one."""


def lifespan_of(
    settings: Settings, console: Console | None = None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Opens everything when the server starts, and closes it when the last request is done.

    `console` gets what its pages call, where there is one.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        """From the server's start to its end."""
        # A proxy of the environment must not see tokens on their way to the HDC.
        client = httpx.AsyncClient(timeout=TIMEOUT, trust_env=False, verify=_authorities())
        async with open_ground(settings) as ground, client as http, AsyncExitStack() as stack:
            tally = FailureTally(ground.units, ground.clock, ground.ids)
            guards = stack.enter_context(guarding(ground, tally))
            ending = stack.enter_context(hearing_the_end())
            app.state.services = serving(ground, http, guards, ending)
            if console is not None:
                opened = console_open(console, ground, app.state.services, tally, http)
                await stack.enter_async_context(opened)
            await app.state.services.erasures.keep.once()
            policy = recording_policy(ground)
            await policy.once()
            calm_collector(YOUNG_OBJECTS)
            purge = PurgeImports(ground.units, ground.clock, ground.ids, settings.import_results_days)
            services = app.state.services
            works = (services.run_imports, services.erasures.keep, purge, policy)
            async with _sealing(ground, http), watching(ground, guards, http):
                async with _in_background(*works):
                    yield
                await tally.flush()

    return lifespan


@cache
def _authorities() -> ssl.SSLContext:
    """Whom outgoing requests trust, read once in a process: it takes a thirtieth of a second."""
    return httpx.create_ssl_context(trust_env=False)


class _Work(Protocol):
    """What goes on as long as the server does."""

    async def forever(self) -> None: ...


@asynccontextmanager
async def _in_background(*works: _Work) -> AsyncIterator[None]:
    """Keeps these going, and waits until each has stopped."""
    running = [asyncio.create_task(work.forever()) for work in works]
    yield
    for task in running:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def _sealing(ground: Ground, http: httpx.AsyncClient) -> AsyncIterator[None]:
    """Seals the access log in the background, and once more when everything else is done."""
    settings = ground.settings
    if not settings.seal_seconds:
        yield
        return
    seal = SealLog(ground.units, NoteSigner(ground.keys.checkpoint), ground.clock)
    sealer = Sealer(seal, IndexEvents(ground.units), _places(settings, http), settings.seal_seconds)
    running = asyncio.create_task(sealer.run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.wait([running])
        await sealer.finish()


def _places(settings: Settings, http: httpx.AsyncClient) -> list[CheckpointPlace]:
    places: list[CheckpointPlace] = [FilePlace(settings.checkpoint_file)]
    match settings.checkpoint_publish:
        case Path() as path:
            places.append(FilePlace(path))
        case str() as url:
            places.append(HttpPlace(http, url))
    return places
