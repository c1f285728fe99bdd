"""After a rotation of the data key: what older ones sealed themselves under the new one.

The service goes on meanwhile.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.services.ports import Units
from app.services.rotation_ports import Span

Progress = Callable[[int], None]
"""Told how many more rows were sealed anew."""


@dataclass(frozen=True, slots=True)
class ResealRows:
    """Page by page, each in a unit of work of its own: broken off at any point, it goes on from there when it
    is run again. A row is read under either key, so nobody waits, and no lock is needed."""

    units: Units

    async def resting(self) -> Mapping[str, Mapping[str, int]]:
        """For each data key how many rows of which table are sealed under it. Raises `StorageUnavailable`."""
        return await self._counted(await self._spans(may_change=False))

    async def left(self) -> int:
        """How many rows that may change are under an older key."""
        async with self.units() as unit:
            active = unit.resealing.active
        counted = await self._counted(await self._spans(may_change=True))
        return sum(sum(rows.values()) for key_id, rows in counted.items() if key_id != active)

    async def __call__(self, progress: Progress) -> int:
        """Returns how many rows were sealed anew. Raises `StorageUnavailable`."""
        done = 0
        for span in await self._spans(may_change=True):
            while count := await self._page(span):
                progress(count)
                done += count
        return done

    async def _page(self, span: Span) -> int:
        async with self.units() as unit:
            count = await unit.resealing.reseal(span)
            await unit.commit()
        return count

    async def _spans(self, *, may_change: bool) -> Sequence[Span]:
        async with self.units() as unit:
            return await unit.resealing.spans(may_change=may_change)

    async def _counted(self, spans: Sequence[Span]) -> Mapping[str, Mapping[str, int]]:
        counted: dict[str, dict[str, int]] = defaultdict(dict)
        for span in spans:
            async with self.units() as unit:
                for key_id, rows in (await unit.resealing.resting(span)).items():
                    counted[key_id][span.table] = counted[key_id].get(span.table, 0) + rows
        return counted
