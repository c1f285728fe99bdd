"""PostgreSQL databases for tests: copies of a template, emptied and used again.

Making a copy and dropping it takes a quarter of a second where other tests write, emptying one far less.
"""

import asyncio
import io
import secrets
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

import asyncpg

T = TypeVar("T")

_OWN = "SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND "
_TABLES = _OWN + "relkind IN ('r', 'p') AND NOT relispartition"
_SEQUENCES = _OWN + "relkind = 'S'"
# What a test may have changed besides rows: relations and who may use them, triggers, settings.
_SHAPE = """
    SELECT md5(concat(
        (SELECT string_agg(concat_ws(',', relname, relkind, relowner, relacl), ';' ORDER BY relname)
            FROM pg_class WHERE relnamespace = 'public'::regnamespace),
        (SELECT string_agg(concat_ws(',', tgrelid::regclass, tgname, tgenabled), ';'
            ORDER BY tgrelid::regclass::text, tgname) FROM pg_trigger),
        (SELECT count(*) FROM pg_attribute WHERE NOT attisdropped AND attnum > 0),
        (SELECT count(*) FROM pg_constraint), (SELECT count(*) FROM pg_proc),
        (SELECT count(*) FROM pg_namespace),
        (SELECT count(*) FROM pg_db_role_setting WHERE setdatabase =
            (SELECT oid FROM pg_database WHERE datname = current_database()))
    ))
"""
_ALONE = """
    SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


async def execute(url: str, *statements: str) -> None:
    """Runs statements, each on its own, as PostgreSQL wants its CREATE DATABASE."""
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def aside(work: Callable[[], T]) -> T:
    """Runs work that needs an event loop of its own, away from the test's."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def named(server: str, database: str) -> str:
    """The URL of another database on a server."""
    return urlsplit(server)._replace(path=f"/{database}").geturl()


def run_sql(url: str, *statements: str) -> None:
    """Runs statements, each on its own, while the test's event loop goes on."""
    aside(lambda: asyncio.run(execute(url, *statements)))


@dataclass(frozen=True)
class _Fresh:
    """What a database is like before a test: its shape, the rows that migrations wrote, and sequences."""

    shape: str
    rows: dict[str, bytes]
    sequences: dict[str, tuple[int, bool]]


class Databases:
    """Copies of a template that `migrate` makes of the database at its URL. Rows, sequences and connections
    that a test leaves are put away; a database whose shape it changed is not used again."""

    def __init__(self, server: str, migrate: Callable[[str], Any]) -> None:
        self._server = server
        self._template = self._new_name("template")
        run_sql(server, f"CREATE DATABASE {self._template}")
        aside(lambda: migrate(self.url(self._template)))
        self._fresh = self._on(self._template, _seen)
        self._free: list[str] = []

    def url(self, name: str) -> str:
        """The URL of one."""
        return named(self._server, name)

    def take(self) -> str:
        """The name of one that nobody else uses."""
        if self._free:
            return self._free.pop()
        name = self._new_name("test")
        # With checkpoints that cost nothing copying files is twice as fast as logging pages.
        run_sql(self._server, f"CREATE DATABASE {name} TEMPLATE {self._template} STRATEGY FILE_COPY")
        return name

    def give_back(self, name: str) -> None:
        """It is empty, or not there any more."""
        try:
            clean = self._on(name, self._emptied)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            clean = False
        if clean:
            self._free.append(name)
        else:
            run_sql(self._server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def close(self) -> None:
        """Drops them all."""
        names = (*self._free, self._template)
        run_sql(self._server, *(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in names))

    async def _emptied(self, connection: Any) -> bool:
        await connection.execute(_ALONE)
        if await connection.fetchval(_SHAPE) != self._fresh.shape:
            return False
        tables = [row[0] for row in await connection.fetch(_TABLES)]
        deletes = "; ".join(f"DELETE FROM {table}" for table in tables)
        resets = [
            f"SELECT setval('{name}', {last}, {'true' if called else 'false'})"
            for name, (last, called) in self._fresh.sequences.items()
        ]
        await connection.execute("; ".join(["SET session_replication_role = replica", deletes, *resets]))
        for table, rows in self._fresh.rows.items():
            await connection.copy_to_table(table, source=io.BytesIO(rows), format="binary")
        return True

    def _on(self, name: str, work: Callable[[Any], Awaitable[T]]) -> T:
        async def connected() -> T:
            connection = await asyncpg.connect(self.url(name))
            try:
                return await work(connection)
            finally:
                await connection.close()

        return aside(lambda: asyncio.run(connected()))

    def _new_name(self, kind: str) -> str:
        return f"cdc_{kind}_{secrets.token_hex(6)}"


async def _seen(connection: Any) -> _Fresh:
    rows: dict[str, bytes] = {}
    for (table,) in await connection.fetch(_TABLES):
        if await connection.fetchval(f"SELECT EXISTS (SELECT FROM {table})"):
            out = io.BytesIO()
            await connection.copy_from_table(table, output=out, format="binary")
            rows[table] = out.getvalue()
    sequences = {}
    for (name,) in await connection.fetch(_SEQUENCES):
        last, called = await connection.fetchrow(f"SELECT last_value, is_called FROM {name}")
        sequences[name] = (last, called)
    return _Fresh(await connection.fetchval(_SHAPE), rows, sequences)
