"""The `hdc` command."""

import asyncio
import contextlib
import json
import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from app.health_data_center import migrate
from app.health_data_center.asgi import build_app
from app.health_data_center.cipher import BodyCipher
from app.health_data_center.database import Database, StorageUnavailable
from app.health_data_center.keys import check_key_file, load_keys, make_keys
from app.health_data_center.record_store import RecordStore
from app.health_data_center.settings import SettingsError, StorageSettings, load, load_storage

app = typer.Typer(help="The reference Health Data Center.", no_args_is_help=True, add_completion=False)
database = typer.Typer(help="The database schema.", no_args_is_help=True)
app.add_typer(database, name="db")


@app.command()
def init() -> None:
    """Make keys and schema; does nothing the second time."""
    with _explained():
        _prepare(load_storage(os.environ))
        typer.echo("schema is up to date")


@database.command()
def upgrade() -> None:
    """Bring the schema to the newest version."""
    with _explained():
        asyncio.run(migrate.upgrade(load_storage(os.environ).database_url))
        typer.echo("schema is up to date")


@app.command()
def serve(
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Default: HDC_PORT, else 8100.")] = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes.")] = 1,
) -> None:
    """Serve until Ctrl-C. A SQLite file and its keys are made by themselves; PostgreSQL is migrated first."""
    with _explained():
        if port is not None:
            # Workers read the environment anew, and the center's own URL follows from its port.
            os.environ["HDC_PORT"] = str(port)
        settings = load(os.environ)
        if settings.storage.embedded:
            _prepare(settings.storage)
        elif not asyncio.run(migrate.is_current(settings.storage.database_url)):
            raise SettingsError("the schema is not the newest; run: hdc db upgrade")
        load_keys(settings.storage)
        if wrong := check_key_file(settings.storage):
            typer.echo(f"hdc: warning: {wrong}", err=True)
        _check_free(host, settings.port)
    uvicorn.run(
        "app.health_data_center.asgi:create_app",
        factory=True,
        host=host,
        port=settings.port,
        workers=workers,
        access_log=False,
        # Without a proxy that is named, X-Forwarded-For is what any caller likes to say.
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_graceful_shutdown=10,
        # Starting a worker takes a busy machine longer than uvicorn's 5 seconds: no reason to kill it.
        timeout_worker_healthcheck=60,
    )


@app.command()
def purge() -> None:
    """Delete the records of erased customers that were kept for long enough. For the owner of the tables."""
    with _explained():
        count = asyncio.run(_purge(load_storage(os.environ)))
    typer.echo(f"{count} records deleted")


async def _purge(storage: StorageSettings) -> int:
    opened = Database(storage.database_url)
    try:
        async with opened.transaction() as connection:
            return await RecordStore(BodyCipher(load_keys(storage))).purge(connection, datetime.now(UTC))
    finally:
        await opened.close()


@app.command()
def openapi(file: Annotated[Path, typer.Argument(dir_okay=False, help="JSON file to write.")]) -> None:
    """Write the OpenAPI document; needs no settings and no database."""
    text = json.dumps(build_app().openapi(), ensure_ascii=False, indent=2)
    file.write_text(f"{text}\n", encoding="utf-8")


def main() -> None:
    """The console script's entry."""
    app()


def _prepare(storage: StorageSettings) -> None:
    if storage.keys_document is None and make_keys(storage.keys_file):
        typer.echo(f"keys: {storage.keys_file} (made; back it up: without it no record can be read)")
    load_keys(storage)
    asyncio.run(migrate.upgrade(storage.database_url))


def _check_free(host: str, port: int) -> None:
    """Says it in one line, before any worker starts."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError:
        raise SettingsError(
            f"cannot listen on {host} port {port}: it is in use or not allowed; choose another (HDC_PORT)"
        ) from None


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """What an operator can mend, as one line on standard error and exit status 1."""
    try:
        yield
    except SettingsError as error:
        message = str(error)
    except StorageUnavailable as error:
        message = f"the database cannot be reached ({error}); see HDC_DATABASE_URL"
    else:
        return
    typer.echo(f"hdc: {message}", err=True)
    raise typer.Exit(1)
