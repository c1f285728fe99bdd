"""What the stores need of a database connection, whatever the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from app.adapters.db.statement import Command, Engine, Parameters, Row, Statement


@dataclass(frozen=True, slots=True)
class Write:
    """Rows that a command is to write."""

    command: Command
    rows: Sequence[Parameters]


class Connection(Protocol):
    """One connection. Raises `StorageUnavailable`, `Conflict`, `StatementRefused`; never a driver's error."""

    @property
    def engine(self) -> Engine:
        """Which database it is."""
        ...

    @property
    def closed(self) -> bool:
        """Whether it is of no use any more."""
        ...

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open, or may be, since its end was not seen."""
        ...

    async def fetch(self, statement: Statement, parameters: Parameters) -> Sequence[Row]:
        """The rows of a query: in the open transaction, or else of what is committed."""
        ...

    async def lock(self, slots: Sequence[int]) -> None:
        """Opens a transaction if none is open, and waits until no other holds any of these slots."""
        ...

    async def claim(self, slot: int) -> bool:
        """Whether this slot is the transaction's alone, until its end; waits for nobody.

        Where the database has but one writer there is nothing to claim: every transaction may.
        """
        ...

    async def apply(self, writes: Sequence[Write]) -> None:
        """Writes all or nothing, and commits."""
        ...

    async def scrub(self) -> None:
        """Overwrites what was deleted, as far as the database can do so now. Raises nothing."""
        ...

    async def rollback(self) -> None:
        """Drops the open transaction; where even that fails, the connection with it. Raises nothing."""
        ...

    async def close(self) -> None:
        """Lets go of the database."""
        ...
