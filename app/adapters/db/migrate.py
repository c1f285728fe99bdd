"""Brings a database to the schema of this version. Not to be called from a running event loop."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

import app
from app.adapters.db.tables import belongs_to_the_schema, metadata
from app.adapters.db.url import PostgresqlUrl, SqliteUrl, read_url
from app.services.ports import StorageUnavailable

T = TypeVar("T")


def upgrade(url: str, revision: str = "head") -> None:
    """Applies the migrations that are missing; a SQLite file is made if there is none. Does nothing twice.

    Raises `StorageUnavailable`, `InvalidDatabaseUrl`.
    """
    _create_file(url)
    on_connection(url, lambda connection: command.upgrade(_config(connection), revision))


def downgrade(url: str, revision: str) -> None:
    """Takes migrations back, with the data that only they had a place for. Raises like `upgrade`."""
    on_connection(url, lambda connection: command.downgrade(_config(connection), revision))


def current(url: str) -> str | None:
    """The revision of the database's schema; None before the first. Raises like `upgrade`."""
    return on_connection(url, lambda connection: _context(connection).get_current_revision())


def head() -> str | None:
    """The revision of this version's schema."""
    return ScriptDirectory.from_config(_config(None)).get_current_head()


def check(url: str) -> list[str]:
    """How the database's schema differs from this version's tables; empty is good. Raises like `upgrade`."""
    return on_connection(url, _differences)


def _differences(connection: Connection) -> list[str]:
    return [repr(difference) for difference in compare_metadata(_context(connection), metadata)]


def _context(connection: Connection) -> MigrationContext:
    options = {"compare_type": True, "include_name": belongs_to_the_schema}
    return MigrationContext.configure(connection, opts=options)


def _config(connection: Connection | None) -> Config:
    config = Config(_scripts() / "alembic.ini")
    config.attributes["connection"] = connection
    return config


def _scripts() -> Path:
    """The migrations: beside the package in a checkout, inside it in a wheel."""
    package = Path(app.__file__).parent
    packaged = package / "_migrations" / "cdc"
    return packaged if packaged.is_dir() else package.parent / "migrations" / "cdc"


def _create_file(url: str) -> None:
    """An empty SQLite file that its owner alone may read; SQLite gives its companions the same mode."""
    read = read_url(url)
    if isinstance(read, SqliteUrl):
        try:
            read.path.touch(mode=0o600)
            _close_to_others(read.path)
        except OSError as error:
            raise StorageUnavailable(f"cannot make {read.path}: {error.strerror}") from None


def _close_to_others(path: Path) -> None:
    """A file that was there with more rights loses them, and so do SQLite's companions of it."""
    for file in (path, *(path.with_name(f"{path.name}{end}") for end in ("-wal", "-shm"))):
        if file.exists() and file.stat().st_mode & 0o077:
            file.chmod(0o600)


def on_connection(url: str, work: Callable[[Connection], T]) -> T:
    """What `work` does with a connection of the owner's, which it commits. Raises like `upgrade`."""
    read = read_url(url)
    try:
        if isinstance(read, PostgresqlUrl):
            return asyncio.run(_on_postgresql(read.dsn, work))
        return _on_sqlite(read.path, work)
    except (DBAPIError, asyncpg.PostgresError, OSError) as error:
        reason = type(getattr(error, "orig", None) or error).__name__
        raise StorageUnavailable(f"the database cannot be reached or changed: {reason}") from None


async def _on_postgresql(dsn: str, work: Callable[[Connection], T]) -> T:
    async def connect() -> Any:
        return await asyncpg.connect(dsn, timeout=10)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


def _on_sqlite(path: Path, work: Callable[[Connection], T]) -> T:
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    # The driver would commit before each DDL statement: with transactions of our own a migration is atomic,
    # and a second process that migrates at the same time waits.
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.connect() as connection:
        return work(connection)


def _prepare_sqlite(driver: Any, _: object) -> None:
    driver.isolation_level = None
    driver.execute("PRAGMA busy_timeout=30000")
    driver.execute("PRAGMA journal_mode=WAL")
