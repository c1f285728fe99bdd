"""The connection and the collected writes of one unit of work."""

from collections.abc import Iterable, Sequence

from app.adapters.db.connection import Connection, Write
from app.adapters.db.pool import Pool
from app.adapters.db.statement import Command, Parameters, Row, Statement


class Session:
    """Takes a connection when first needed. Writes of one command go together, commands in the order in which
    they were first used."""

    __slots__ = ("_connection", "_pending", "_pool", "_scrubs")

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._connection: Connection | None = None
        self._pending: dict[Command, list[Parameters]] = {}
        self._scrubs = False

    async def fetch(self, statement: Statement, parameters: Parameters) -> Sequence[Row]:
        """The rows of a query."""
        connection = self._connection or await self._connect()
        return await connection.fetch(statement, parameters)

    async def lock(self, slots: Sequence[int]) -> None:
        """Opens the transaction, waiting for other holders of these slots."""
        connection = self._connection or await self._connect()
        await connection.lock(slots)

    async def claim(self, slot: int) -> bool:
        """Whether this unit alone has the slot, from now to its end; waits for nobody."""
        connection = self._connection or await self._connect()
        return await connection.claim(slot)

    def write(self, command: Command, rows: Iterable[Parameters]) -> None:
        """Keeps rows for `commit`."""
        self._pending.setdefault(command, []).extend(rows)

    def scrub(self) -> None:
        """What `commit` deletes is to be overwritten, too."""
        self._scrubs = True

    async def commit(self) -> None:
        """Writes everything that was collected, and ends the transaction."""
        writes = [Write(command, rows) for command, rows in self._pending.items() if rows]
        self._pending = {}
        if writes:
            connection = self._connection or await self._connect()
            await connection.apply(writes)
            if self._scrubs:
                await connection.scrub()
        elif self._connection is not None and self._connection.in_transaction:
            await self._connection.rollback()  # nothing was written: only the locks are to be let go

    async def close(self) -> None:
        """Drops what was not committed and gives the connection back."""
        connection, self._connection = self._connection, None
        self._pending = {}
        if connection is None:
            return
        try:
            if connection.in_transaction:
                await connection.rollback()
        finally:
            self._pool.give_back(connection)

    async def _connect(self) -> Connection:
        self._connection = await self._pool.take()
        return self._connection
