"""SQLite in its write-ahead log mode: many readers, one writer, each connection on a thread of its own.

A whole transaction is one hop to that thread: a hop costs as much as the work.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from app.adapters.db.connection import Write
from app.adapters.db.failures import sqlite_failure
from app.adapters.db.statement import Engine, Parameters, Row, Statement
from app.services.ports import Conflict, StorageUnavailable

T = TypeVar("T")

# FULL: in WAL mode a commit is then on the disk when it is acknowledged, power cut included. secure_delete:
# what was deleted is overwritten, or a destroyed key would lie on in a free page.
_POLL_SECONDS = 0.002
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "cache_size=-16384",
)


class WriterTurn:
    """Writers of this process take turns in order. SQLite alone would have them poll for the file's lock,
    which only writers of other processes still do."""

    __slots__ = ("_lock", "_patience")

    def __init__(self, patience: float) -> None:
        self._lock = asyncio.Lock()
        self._patience = patience

    async def take(self) -> None:
        """Raises `StorageUnavailable` when the turn does not come in time."""
        try:
            async with asyncio.timeout(self._patience):
                await self._lock.acquire()
        except TimeoutError:
            raise StorageUnavailable("another transaction holds the SQLite database") from None

    def end(self) -> None:
        """Lets the next writer in."""
        self._lock.release()


class SqliteConnection:
    """A connection of sqlite3 and its thread. `in_transaction` is whether it has the writer's turn."""

    __slots__ = ("_driver", "_patience", "_thread", "_turn", "closed", "in_transaction")

    engine: Engine = "sqlite"

    def __init__(
        self, driver: sqlite3.Connection, thread: ThreadPoolExecutor, turn: WriterTurn, patience: float
    ) -> None:
        self._driver = driver
        self._thread = thread
        self._turn = turn
        self._patience = patience
        self.closed = False
        self.in_transaction = False

    async def fetch(self, statement: Statement, parameters: Parameters) -> Sequence[Row]:
        """The rows, read on the connection's thread. Raises `StorageUnavailable`, `StatementRefused`."""
        prepared = statement.on("sqlite")
        arguments = prepared.arguments(parameters)
        rows: list[Row] = await self._run(lambda: self._driver.execute(prepared.sql, arguments).fetchall())
        return prepared.read(rows)

    async def lock(self, slots: Sequence[int]) -> None:  # noqa: ARG002
        """The writer's turn is the one lock there is: `slots` need not be told apart."""
        if not self.in_transaction:
            await self._take_turn()
            await self._run(self._begin)

    async def claim(self, slot: int) -> bool:  # noqa: ARG002
        """There is one writer at a time anyway; who comes second sees so when its own turn begins."""
        return True

    async def apply(self, writes: Sequence[Write]) -> None:
        """Writes all of it in the writer's turn, and commits. Raises `StorageUnavailable`, `Conflict`."""
        if not self.in_transaction:
            await self._take_turn()
        await self._run(lambda: self._apply(writes))
        self._end_turn()

    async def scrub(self) -> None:
        """The write-ahead log still holds the pages as they were; a reader may keep it from being emptied."""
        with suppress(StorageUnavailable):
            await self._run(lambda: self._driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())

    async def rollback(self) -> None:
        """Rolls back and ends the turn; a connection that cannot is discarded."""
        try:
            await self._run(self._roll_back)
        except BaseException as error:
            self._discard()  # closing the connection rolls back, too
            if not isinstance(error, Exception):
                raise
        finally:
            self._end_turn()

    async def close(self) -> None:
        """Closes the file and ends the thread."""
        self.closed = True
        await self._run(self._driver.close)
        self._thread.shutdown(wait=False)

    def _discard(self) -> None:
        if not self.closed:
            self.closed = True
            self._thread.submit(self._driver.close)
            self._thread.shutdown(wait=False)

    async def _take_turn(self) -> None:
        await self._turn.take()
        self.in_transaction = True

    def _end_turn(self) -> None:
        if self.in_transaction:
            self.in_transaction = False
            self._turn.end()

    def _apply(self, writes: Sequence[Write]) -> None:
        if not self._driver.in_transaction:
            self._begin()
        for write in writes:
            one = write.command.one.on("sqlite")
            done = self._driver.executemany(one.sql, [one.arguments(row) for row in write.rows])
            if write.command.exact and done.rowcount != len(write.rows):
                raise Conflict("a row was changed by somebody else")
        self._driver.execute("COMMIT")

    def _begin(self) -> None:
        """SQLite itself would look again only every 100 ms, and meet a busy process's next transaction."""
        deadline = time.monotonic() + self._patience
        self._driver.execute("PRAGMA busy_timeout = 0")
        try:
            while not self._begun():
                if time.monotonic() > deadline:
                    raise StorageUnavailable("another process holds the SQLite database")
                time.sleep(_POLL_SECONDS)
        finally:
            self._driver.execute(f"PRAGMA busy_timeout = {int(self._patience * 1000)}")

    def _begun(self) -> bool:
        try:
            self._driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            return False
        return True

    def _roll_back(self) -> None:
        if self._driver.in_transaction:
            self._driver.execute("ROLLBACK")

    async def _run(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except sqlite3.Error as error:
            raise sqlite_failure(error) from None


async def open_sqlite(path: Path, turn: WriterTurn, patience: float) -> SqliteConnection:
    """Opens the file, which must be there; a lock of another process is waited for `patience` seconds.

    Raises `StorageUnavailable`.
    """
    thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite")
    try:
        driver = await asyncio.get_running_loop().run_in_executor(thread, lambda: _connect(path, patience))
    except sqlite3.Error as error:
        thread.shutdown(wait=False)
        raise sqlite_failure(error) from None
    return SqliteConnection(driver, thread, turn, patience)


def _connect(path: Path, patience: float) -> sqlite3.Connection:
    driver = sqlite3.connect(
        f"file:{quote(str(path))}?mode=rw",
        uri=True,
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=200,
    )
    try:
        for pragma in _PRAGMAS:
            driver.execute(f"PRAGMA {pragma}")
    except BaseException:
        driver.close()
        raise
    return driver
