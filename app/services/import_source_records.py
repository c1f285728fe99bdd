"""Whole files of source records: a bad row is rejected by name and never sinks the rest."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

from app.services.index_journal import Actor
from app.services.prepare import Reject, Sifted
from app.services.register_customer import RegisterCustomer
from app.services.source_rows import Row

BATCH = 500


class PrepareRows(Protocol):
    """Prepares the rows of a file beside the event loop. `ahead`: how many batches it can work on at once;
    `rest`: there is nothing more to do for now."""

    @property
    def ahead(self) -> int:
        """How many batches can be worked on at once."""
        ...

    async def __call__(self, rows: Sequence[Row], default_system: str | None) -> Sifted: ...
    async def rest(self) -> None:
        """Ends the processes; the next file starts new ones."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """What one batch brought: how many rows ended how, and which were rejected."""

    rows: int
    outcomes: Mapping[str, int]
    rejects: tuple[Reject, ...]


@dataclass(frozen=True, slots=True)
class ImportSourceRecords:
    """Registers rows batch by batch, each batch in one transaction; what was reported as done is stored."""

    register: RegisterCustomer
    prepare_rows: PrepareRows

    async def __call__(
        self, rows: Iterable[Row], default_system: str | None, by: Actor
    ) -> AsyncIterator[Progress]:
        """Yields after each committed batch. Raises `StorageUnavailable`, and what `rows` raises.

        While the database works on a batch, the next ones are read and prepared; batches are registered in
        the order of the file, so the result does not hang on who prepared them.
        """
        reading = _Reading(iter(rows), self.prepare_rows, default_system)
        upcoming = deque(asyncio.create_task(reading.next()) for _ in range(self.prepare_rows.ahead + 1))
        try:
            while (batch := await upcoming.popleft()) is not None:
                upcoming.append(asyncio.create_task(reading.next()))
                size, sifted = batch
                taken = [prepared for _, prepared in sifted.taken]
                outcomes: dict[str, int] = {}
                for done in await self.register.batch(taken, by) if taken else ():
                    outcome = done.outcome if done.changed else "unchanged"
                    outcomes[outcome] = outcomes.get(outcome, 0) + 1
                yield Progress(size, outcomes, sifted.rejects)
        finally:  # who closes the generator early still waits for the thread to let go of the file
            await asyncio.gather(*upcoming, return_exceptions=True)
            await self.prepare_rows.rest()


@dataclass(slots=True)
class _Reading:
    """Batches of a file, one after the other, each prepared as soon as it is read."""

    rows: Iterator[Row]
    prepare_rows: PrepareRows
    default_system: str | None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def next(self) -> tuple[int, Sifted] | None:
        """The next batch and how many rows it has; None at the end."""
        async with self.turn:
            rows = await asyncio.to_thread(lambda: list(islice(self.rows, BATCH)))
        return (len(rows), await self.prepare_rows(rows, self.default_system)) if rows else None
