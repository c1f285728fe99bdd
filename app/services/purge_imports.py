"""Results of imports are not kept for ever: they tell which local ID is which customer."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from app.services.ports import Clock, Conflict, StorageUnavailable, Units

EVERY = 600.0
"""Seconds between two turns of a worker."""


@dataclass(frozen=True, slots=True)
class PurgeImports:
    """Deletes what is left of jobs that ended `days` ago; what several workers do at once is done once."""

    units: Units
    clock: Clock
    days: int

    async def once(self) -> None:
        """One turn. Raises `StorageUnavailable`."""
        async with self.units() as unit:
            unit.imports.purge(self.clock.now() - timedelta(days=self.days))
            await unit.commit()

    async def forever(self) -> None:
        """Until cancelled."""
        while True:
            with suppress(StorageUnavailable, Conflict):
                await self.once()
            await asyncio.sleep(EVERY)
