"""Seals the access log: events that are committed and have no leaf yet become leaves under a signed head."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from app.core.audit.canonical import canonical_bytes
from app.core.audit.log import (
    FIRST_ID,
    LAST_ID,
    Growth,
    Leaf,
    SignedHead,
    StoredEvent,
    first_id_at,
    instant_of,
)
from app.core.audit.merkle import Edge, extended, leaf_hash
from app.services.log_ports import CheckpointSigner, SealStore
from app.services.ports import Clock, Units
from app.services.tree_reader import LogDamaged, edge_of

BATCH = 1000
"""The most events under one new head."""
BRIEFLY = timedelta(seconds=2)
THOROUGHLY = timedelta(minutes=5)
"""How far behind the last sealed event a late commit is looked for."""
SWEEP = 5000
"""How many older events a thorough run looks at again, so that none is ever missed, however late it came."""


class SealLog:
    """One seal. An event's ID says when it was made, not when it was committed: so what is sealed is whatever
    has no leaf, near the end of the log at every run, and everywhere in turn by thorough ones.

    Runs one at a time. Remembers the tree's edge and how far its sweep has come; nothing depends on that.
    """

    def __init__(self, units: Units, signer: CheckpointSigner, clock: Clock) -> None:
        self._units = units
        self._signer = signer
        self._clock = clock
        self._edge = Edge()
        self._swept = FIRST_ID

    async def __call__(self, *, thorough: bool = True) -> int:
        """Seals at most `BATCH` events, and says how many; 0 where another process is at it.

        Raises `StorageUnavailable`, `Conflict` (another process was faster), `LogDamaged` (the stored tree is
        not the one that was signed: nothing more is signed on top of it).
        """
        async with self._units() as unit:
            if not await unit.seals.claim():
                return 0
            edge = await self._current_edge(unit.seals)
            events = await self._unsealed(unit.seals, thorough)
            if not events:
                return 0
            edge, growth = await asyncio.to_thread(self._growth, edge, events)
            await unit.seals.grow(edge.size - len(events), growth)
            await unit.commit()
        self._edge = edge
        return len(events)

    async def waiting(self, most: int) -> bool:
        """Whether at least so many events came after the last sealed one."""
        async with self._units() as unit:
            last = await unit.seals.last_sealed()
            return await unit.seals.waiting(last or FIRST_ID, most) >= most

    async def newest(self) -> SignedHead | None:
        """The newest signed head."""
        async with self._units() as unit:
            return await unit.seals.newest()

    async def _current_edge(self, seals: SealStore) -> Edge:
        newest = await seals.newest()
        if newest is None:
            return Edge()
        edge = self._edge if self._edge.size == newest.size else await edge_of(seals, newest.size)
        if edge.root != newest.root:
            raise LogDamaged(f"the stored tree of {newest.size} leaves has not the root that was signed")
        return edge

    async def _unsealed(self, seals: SealStore, thorough: bool) -> list[StoredEvent]:
        floor = await self._floor(seals, THOROUGHLY if thorough else BRIEFLY)
        events = await seals.unsealed(floor, LAST_ID, BATCH)
        if not thorough or len(events) == BATCH:
            return events
        return await self._sweep(seals, floor, BATCH - len(events)) + events

    async def _floor(self, seals: SealStore, overlap: timedelta) -> UUID:
        """A clock that ran ahead somewhere must not hide what comes now."""
        last = await seals.last_sealed()
        if last is None:
            return FIRST_ID
        return first_id_at(min(instant_of(last), self._clock.now()) - overlap)

    async def _sweep(self, seals: SealStore, floor: UUID, limit: int) -> list[StoredEvent]:
        """The next stretch of older events; after the last one it begins anew."""
        end = await seals.step(self._swept, SWEEP)
        until = floor if end is None or end > floor else end
        late = await seals.unsealed(self._swept, until, limit)
        if len(late) == limit:
            self._swept = late[-1].event_id
        else:
            self._swept = FIRST_ID if until == floor else until
        return late

    def _growth(self, edge: Edge, events: Sequence[StoredEvent]) -> tuple[Edge, Growth]:
        leaves = tuple(
            Leaf(index, event.event_id, leaf_hash(canonical_bytes(event.form)))
            for index, event in enumerate(events, edge.size)
        )
        edge, tiles = extended(edge, (leaf.hash for leaf in leaves))
        note = self._signer.sign(edge.size, edge.root)
        return edge, Growth(leaves, tiles, SignedHead(edge.size, edge.root, note, self._clock.now()))
