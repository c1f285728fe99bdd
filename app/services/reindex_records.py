"""After a rotation of the blind index: every record under the new key, while the service goes on."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from app.core.identity.failure import InvalidElements
from app.core.index.customer import SourceRecord
from app.core.matching.blocking import blocking_keys
from app.core.matching.blocking_key import BlockingKey
from app.services.ports import Conflict, Units
from app.services.resolver import Understand

Progress = Callable[[int], None]
"""Told how many more records were re-indexed."""

_FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class ReindexRecords:
    """Page by page, each in a unit of work of its own: broken off at any point, it goes on from there when it
    is run again. A look-up asks under every key, so it finds everybody at every moment."""

    units: Units
    understand: Understand

    async def left(self) -> int:
        """How many records are not under the active key, once everybody who writes now has ended."""
        async with self.units() as unit:
            await unit.index.lock_all()
            return await unit.reindexing.count()

    async def __call__(self, progress: Progress) -> int:
        """Returns how many records were re-indexed. Raises `StorageUnavailable`."""
        done = 0
        while moved := await self._pass(progress):
            done += moved  # what was written under an older key behind the pass is found by the next one
        return done

    async def _pass(self, progress: Progress) -> int:
        done, after = 0, _FIRST
        while True:
            try:
                moved, last = await self._page(after, wait_first=False)
            except Conflict:  # a record changed under our eyes: now nobody can
                moved, last = await self._page(after, wait_first=True)
            if last is None:
                return done
            progress(moved)
            done, after = done + moved, last

    async def _page(self, after: UUID, *, wait_first: bool) -> tuple[int, UUID | None]:
        """How many records were put under the active key, and the last that was read. Hashing is done before
        others are kept waiting, unless `wait_first`."""
        async with self.units() as unit:
            if wait_first:
                await unit.index.lock_all()
            read = await unit.reindexing.page(after)
            if not read:
                return 0, None
            keyed = [(record, keys) for record in read if (keys := self._keys(record)) is not None]
            if not wait_first:
                await unit.index.lock_all()
            unit.reindexing.put(keyed)
            await unit.commit()
        return len(keyed), read[-1].record_id

    def _keys(self, record: SourceRecord) -> tuple[BlockingKey, ...] | None:
        """None where what was stored is not understood any more: the record stays as it is."""
        try:
            return blocking_keys(self.understand(record.given))
        except InvalidElements:
            return None
