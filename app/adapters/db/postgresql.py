"""PostgreSQL, on asyncpg itself."""

import asyncio
from collections.abc import Sequence

import asyncpg

from app.adapters.db.connection import Write
from app.adapters.db.failures import postgresql_failure
from app.adapters.db.statement import Engine, Parameters, Prepared, Row, Statement
from app.services.ports import Conflict

_CONNECT_SECONDS = 5.0
_SESSION_SETTINGS = {
    "application_name": "customer-data-center",
    # Every query here is a handful of index look-ups. Compiling it, or planning it again each time, costs
    # more than running it; but a plan that is kept must not be one that was good for a still empty table.
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_memoize": "off",
    "max_parallel_workers_per_gather": "0",
}
# Locks live in a class of their own and never meet those of another program. A transaction takes either the
# whole class alone, or the class shared and its slots in ascending order: no deadlock, and a bounded number
# of locks however large the batch.
_LOCK_CLASS = 0x0CDC
_WHOLE_CLASS = -1
_MOST_SLOTS = 256
# What a transaction has alone or does without: apart from the locks, which a batch may hold for long.
_CLAIM_CLASS = 0x0CDD
_CLAIM = "SELECT pg_try_advisory_xact_lock($1, $2)"
# COPY takes a round trip more than an INSERT of arrays; for batches it is quicker (docs/benchmarks.md).
_WORTH_COPYING = 50


class PostgresqlConnection:
    """A connection of asyncpg, which keeps its prepared statements."""

    __slots__ = ("_driver", "in_transaction")

    engine: Engine = "postgresql"

    def __init__(self, driver: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._driver = driver
        self.in_transaction = False

    @property
    def closed(self) -> bool:
        """Whether the driver has lost or closed it."""
        return self._driver.is_closed()

    async def fetch(self, statement: Statement, parameters: Parameters) -> Sequence[Row]:
        """The rows. Raises `StorageUnavailable`, `StatementRefused`."""
        prepared = statement.on("postgresql")
        try:
            rows = await self._driver.fetch(prepared.sql, *prepared.arguments(parameters))
        except BaseException as error:
            raise self._failed(error) from None
        return prepared.read(rows)

    async def lock(self, slots: Sequence[int]) -> None:
        """Opens the transaction, and takes the slots as advisory locks that end with it."""
        commands = [] if self.in_transaction else ["BEGIN"]
        commands += [_lock_command(slots)] if slots else []
        if commands:
            self.in_transaction = True
            await self._command("; ".join(commands))

    async def claim(self, slot: int) -> bool:
        """An advisory lock of a class of its own, tried once."""
        if not self.in_transaction:
            self.in_transaction = True
            await self._command("BEGIN")
        try:
            claimed = await self._driver.fetchval(_CLAIM, _CLAIM_CLASS, slot)
        except BaseException as error:
            raise self._failed(error) from None
        return bool(claimed)

    async def apply(self, writes: Sequence[Write]) -> None:
        """Writes all of it and commits. Raises `StorageUnavailable`, `Conflict`."""
        if not self.in_transaction:
            if len(writes) == 1 and _is_one_statement(writes[0]):
                await self._write(writes[0])  # a statement alone is its own transaction: one round trip
                return
            self.in_transaction = True
            await self._command("BEGIN")
        for write in writes:
            await self._write(write)
        await self._command("COMMIT")
        self.in_transaction = False

    async def scrub(self) -> None:
        """Does nothing: what overwrites deleted rows is VACUUM, which the owner of the tables runs."""

    async def rollback(self) -> None:
        """Ends the transaction without a trace; never raises for a lost connection, which did so itself."""
        try:
            if not self.closed:
                await self._command("ROLLBACK")
        except BaseException as error:
            self._driver.terminate()  # the server rolls back what a lost connection leaves
            if not isinstance(error, Exception):
                raise
        finally:
            self.in_transaction = False

    async def close(self) -> None:
        """Says goodbye to the server; cuts the line where it does not answer in time."""
        try:
            await self._driver.close(timeout=_CONNECT_SECONDS)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            self._driver.terminate()

    async def _write(self, write: Write) -> None:
        command, rows = write.command, write.rows
        if len(rows) >= _WORTH_COPYING and command.table is not None:
            one = command.one.on("postgresql")
            done = await self._copy(command.table, one.names, [one.arguments(row) for row in rows])
        elif len(rows) > 1 and command.many is not None:
            many = command.many.on("postgresql")
            done = await self._execute(many, many.arrays(rows))
        else:
            one = command.one.on("postgresql")
            done = sum([await self._execute(one, one.arguments(row)) for row in rows])
        if command.exact and done != len(rows):
            raise Conflict("a row was changed by somebody else")

    async def _copy(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> int:
        """Adds rows by PostgreSQL's COPY and says how many."""
        try:
            status = await self._driver.copy_records_to_table(table, records=rows, columns=columns)
        except BaseException as error:
            raise self._failed(error) from None
        return int(status.rpartition(" ")[2])

    async def _execute(self, prepared: Prepared, arguments: Sequence[object]) -> int:
        """Runs a statement and says how many rows it wrote."""
        try:
            status = await self._driver.execute(prepared.sql, *arguments)
        except BaseException as error:
            raise self._failed(error) from None
        return int(status.rpartition(" ")[2])

    async def _command(self, sql: str) -> None:
        try:
            await self._driver.execute(sql)
        except BaseException as error:
            raise self._failed(error) from None

    def _failed(self, error: BaseException) -> BaseException:
        """A statement whose end was not seen (cancelled, timed out) leaves the connection of no use."""
        if isinstance(error, TimeoutError) or not isinstance(error, Exception):
            self._driver.terminate()
        return postgresql_failure(error) if isinstance(error, Exception) else error


async def open_postgresql(dsn: str, patience: float) -> PostgresqlConnection:
    """Connects; a statement may take `patience` seconds. Raises `StorageUnavailable`."""
    try:
        driver = await asyncpg.connect(
            dsn,
            timeout=_CONNECT_SECONDS,
            command_timeout=patience,
            statement_cache_size=200,
            max_cached_statement_lifetime=0,
            server_settings=_SESSION_SETTINGS,
        )
    except (Exception, asyncio.CancelledError) as error:
        raise (postgresql_failure(error) if isinstance(error, Exception) else error) from None
    return PostgresqlConnection(driver)


def _is_one_statement(write: Write) -> bool:
    return len(write.rows) == 1 or write.command.many is not None


def _lock_command(slots: Sequence[int]) -> str:
    """Integers of ours alone stand in this text."""
    if len(slots) > _MOST_SLOTS:
        return f"SELECT pg_advisory_xact_lock({_LOCK_CLASS}, {_WHOLE_CLASS})"
    calls = [f"pg_advisory_xact_lock_shared({_LOCK_CLASS}, {_WHOLE_CLASS})"]
    calls += [f"pg_advisory_xact_lock({_LOCK_CLASS}, {slot})" for slot in sorted(set(slots))]
    return "SELECT " + ", ".join(calls)
