"""The engine, and transactions that say in one word when the database is not there."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import event, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app.health_data_center.tables import records


class StorageUnavailable(Exception):  # noqa: N818 - a state, named as the caller sees it
    """The database cannot be reached or refuses to write: nothing was done, and nothing may be answered."""


class Database:
    """One engine a process. Opened in the application's lifespan, never at import."""

    def __init__(self, url: URL) -> None:
        self.engine = open_engine(url)

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """Commits at the end, rolls back on any error. Raises `StorageUnavailable`."""
        try:
            async with self.engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            raise StorageUnavailable(_kind(error)) from None

    async def ping(self) -> None:
        """Whether the tables can be read. Raises `StorageUnavailable`."""
        try:
            async with self.engine.connect() as connection:
                await connection.execute(select(records.c.record_id).limit(1))
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            raise StorageUnavailable(_kind(error)) from None

    async def close(self) -> None:
        """Ends every connection."""
        await self.engine.dispose()


def open_engine(url: URL) -> AsyncEngine:
    """An engine whose errors never show a row's values, and whose waits all end."""
    if url.get_backend_name() != "sqlite":
        return create_async_engine(
            url,
            hide_parameters=True,
            pool_size=16,
            max_overflow=0,
            pool_timeout=5,
            connect_args={"timeout": 5, "command_timeout": 10},
        )
    engine = create_async_engine(
        url,
        hide_parameters=True,
        # Every transaction takes the file's one write lock: a queue in here is fair, SQLite's polling is not.
        pool_size=1,
        max_overflow=0,
        pool_timeout=5,
        connect_args={"timeout": 5, "isolation_level": None},
    )
    event.listen(engine.sync_engine, "connect", _configure_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


def _configure_sqlite(connection: Any, _: object) -> None:
    """Readers beside a writer, and a commit that outlives a power cut."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    """Every transaction here writes; a lock taken late could not be waited for."""
    connection.execute(text("BEGIN IMMEDIATE"))


def _kind(error: BaseException) -> str:
    """A word for the log: the driver's error class, never its message, which may quote a row."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return type(cause).__name__
