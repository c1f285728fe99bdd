"""Results of imports are not kept for ever: they tell which local ID is which customer."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.audit.event import Event, Kind
from app.core.matching.blocking_key import BlockingKey
from app.services.import_job import PartKind
from app.services.ports import Clock, Conflict, Ids, StorageUnavailable, Units

EVERY = 600.0
"""Seconds between two turns of a worker."""
BY = "service:imports"
"""The colon keeps it apart from every registered client."""
_ONE_AT_A_TIME = BlockingKey("imports", "purge")


@dataclass(frozen=True, slots=True)
class PurgeImports:
    """Deletes what is left of jobs that ended `days` ago, and says so in the log; what several workers want
    to do at once is done, and said, once."""

    units: Units
    clock: Clock
    ids: Ids
    days: int

    async def once(self) -> None:
        """One turn. Raises `StorageUnavailable`."""
        before = self.clock.now() - timedelta(days=self.days)
        async with self.units() as unit:
            await unit.index.lock([_ONE_AT_A_TIME])
            ended = await unit.imports.ended_before(before)
            if not ended:
                return
            for import_id in ended:
                for kind in PartKind:
                    unit.imports.drop_parts(import_id, kind)
            unit.events.append(self._event(len(ended), before))
            await unit.commit()

    async def forever(self) -> None:
        """Until cancelled."""
        while True:
            with suppress(StorageUnavailable, Conflict):
                await self.once()
            await asyncio.sleep(EVERY)

    def _event(self, imports: int, before: datetime) -> Event:
        """Which imports they were, the events of their ends say: those up to `ended_before`."""
        return Event(
            event_id=self.ids.uuid(),
            at=self.clock.now(),
            kind=Kind.IMPORT,
            outcome="purged",
            client_id=BY,
            detail={"imports": imports, "ended_before": before.isoformat()},
        )
