"""The processes that prepare rows, while this one talks to the database."""

import asyncio
from collections.abc import Sequence

from app.adapters.processes import Worker, WorkerGone, start_worker
from app.bootstrap.ground import Ground
from app.bootstrap.row_worker import MODULE, greeting
from app.services.prepare import Prepare, Sifted
from app.services.prepared_rows import Plain, plain_rows, read_plain_sifted
from app.services.source_rows import Row

FEW = 2000
"""So many rows are prepared in less time than a process needs to start."""


class RowWorkers:
    """Implements the port `PrepareRows`: at most `count` processes, started when there is enough to do. The
    first rows, and those whose worker died, are prepared in a thread of this process."""

    __slots__ = ("_count", "_greeting", "_idle", "_places", "_prepare", "_rows")

    def __init__(self, prepare: Prepare, count: int, told: Plain) -> None:
        self._prepare = prepare
        self._count = count
        self._greeting = told
        self._places = asyncio.Semaphore(count)
        self._idle: list[tuple[Worker, Plain]] = []
        self._rows = 0

    @property
    def ahead(self) -> int:
        """How many batches can be worked on at once."""
        return max(self._count, 1)

    def use(self, told: Plain) -> None:
        """From now on workers that were told this; those that know less end when they are next met."""
        self._greeting = told

    async def __call__(self, rows: Sequence[Row], default_system: str | None) -> Sifted:
        """What of these rows can be registered, and why the rest cannot."""
        self._rows += len(rows)
        if self._count and self._rows > FEW:
            try:
                async with self._places:
                    return read_plain_sifted(await self._ask((plain_rows(rows), default_system)))
            except WorkerGone:
                pass
        return await asyncio.to_thread(self._prepare.rows, rows, default_system)

    async def rest(self) -> None:
        """Ends the processes; the next file starts new ones."""
        self._rows = 0
        idle, self._idle = self._idle, []
        await asyncio.gather(*(worker.end() for worker, _ in idle))

    async def _ask(self, question: Plain) -> Plain:
        worker, told = await self._worker()
        try:
            answer = await worker.ask(question)
        except BaseException:  # also of a task that is cancelled: the answer would be the next one's
            await worker.end()
            raise
        self._idle.append((worker, told))
        return answer

    async def _worker(self) -> tuple[Worker, Plain]:
        while self._idle:
            worker, told = self._idle.pop()
            if told is self._greeting:
                return worker, told
            await worker.end()
        told = self._greeting
        return await start_worker(MODULE, told), told


def row_workers(ground: Ground) -> RowWorkers:
    """As many as the settings say."""
    keys, settings = ground.keys, ground.settings
    told = greeting(settings.timezone, keys.index, keys.digest)
    workers = RowWorkers(ground.prepare, settings.import_workers, told)
    ground.key_watch.tell(lambda ring: workers.use(greeting(settings.timezone, ring.index, keys.digest)))
    return workers
