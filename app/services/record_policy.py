"""Which policy set is in force is on record: a decision's event names a version, this one says since when.

Its text is kept, so that past decisions can be explained by the words that made them.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from app.core.audit.event import EventFilter, Kind
from app.core.matching.blocking_key import BlockingKey
from app.services.operator_log import OperatorLog
from app.services.ports import Conflict, StorageUnavailable, Units

SOON = 5.0
_ONE_AT_A_TIME = BlockingKey("policy", "in force")


@dataclass(slots=True)
class RecordPolicy:
    """Commits one event where the set that this worker loaded is not the last one on record, and keeps the
    set where it is not kept yet."""

    units: Units
    log: OperatorLog
    version: str
    text: str
    recorded: bool = False

    async def __call__(self) -> None:
        """Of workers that start together one writes. Raises `Conflict`, `StorageUnavailable`."""
        async with self.units() as unit:
            await unit.index.lock([_ONE_AT_A_TIME])
            last = await unit.events.list(EventFilter(kind=Kind.POLICY), None, 1)
            before = last[0].policy if last else None
            if await unit.policies.text(self.version) is None:
                unit.policies.keep(self.version, self.text, self.log.clock.now())
            if before != self.version:
                detail = {"before": before, "by": "operator"}
                event = self.log.event(None, Kind.POLICY, "in_force", policy=self.version, detail=detail)
                unit.events.append(event)
            await unit.commit()
        self.recorded = True

    async def once(self) -> None:
        """Tries; a database that cannot be reached keeps no worker from starting."""
        with suppress(StorageUnavailable, Conflict):
            await self()

    async def forever(self) -> None:
        """Until it is on record."""
        while not self.recorded:
            await asyncio.sleep(SOON)
            await self.once()
