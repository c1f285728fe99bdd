"""The change feed: what happened to customers, in order, for whoever follows the index."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from app.core.audit.event import Kind
from app.core.index.change import Change
from app.core.matching.blocking_key import BlockingKey
from app.services.context import Caller
from app.services.ports import Units
from app.services.scribe import Scribe

Ending = Callable[[], bool]
"""Whether the service was asked to end."""

_TURN = BlockingKey("change_feed", "positions")
_PAUSE = 0.25


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Changes with the position each can be resumed behind; `last` is the newest position read so far."""

    items: tuple[tuple[int, Change], ...]
    last: int


@dataclass(frozen=True, slots=True)
class ReadChanges:
    """At least once: whoever asks again behind the same position gets the same lines again."""

    units: Units
    scribe: Scribe
    ending: Ending
    pause: float = _PAUSE

    async def __call__(self, after: int, limit: int, wait: float, caller: Caller) -> ChangePage:
        """The changes behind `after`; where there are none, those that come within `wait` seconds, or before
        the service ends.

        Raises `StorageUnavailable`.
        """
        waited = 0.0
        while not (found := await self._read(after, limit, caller)) and waited < wait and not self.ending():
            nap = min(self.pause, wait - waited)
            await asyncio.sleep(nap)
            waited += nap
        return ChangePage(found, found[-1][0] if found else after)

    async def _read(self, after: int, limit: int, caller: Caller) -> tuple[tuple[int, Change], ...]:
        await self._place()
        async with self.units() as unit:
            found = await unit.changes.list(after, limit)
            if found:
                detail = {"after": after, "changes": len(found)}
                unit.events.append(replace(self.scribe(caller, Kind.CHANGES_READ, "ok"), detail=detail))
                await unit.commit()
        return tuple((position, _seen_by(caller, change)) for position, change in found)

    async def _place(self) -> None:
        """Positions are given to what is committed, by one at a time: so none is ever skipped."""
        async with self.units() as unit:
            if not await unit.changes.any_waiting():
                return
            await unit.index.lock([_TURN])
            unit.changes.place()
            await unit.commit()


def _seen_by(caller: Caller, change: Change) -> Change:
    """Local IDs only of systems that the follower knows."""
    local = change.local
    hidden = local is not None and not caller.client.knows(local.source_system)
    return replace(change, local=None) if hidden else change
