"""Whether the access log is what was signed, as far as can be said within a moment."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from app.core.audit.canonical import canonical_bytes
from app.core.audit.event import Event, EventFilter, Kind
from app.core.audit.log import FIRST_ID, SealedEvent, SignedHead, first_id_at
from app.core.audit.merkle import Edge, extended, leaf_hash
from app.services.context import Caller
from app.services.errors import NotFound
from app.services.log_ports import EventStore, SealStore
from app.services.ports import Units
from app.services.scribe import Scribe
from app.services.tree_reader import LogDamaged, edge_of

NEWEST = 4096
"""How many of the newest events are read again, byte for byte; a multiple of a tile's 256."""


@dataclass(frozen=True, slots=True)
class LogCheck:
    """What was found, and when: of a log of `size` events the newest `read` were read again."""

    at: datetime
    sound: bool
    size: int
    read: int


@dataclass(frozen=True, slots=True)
class CheckLog:
    """Builds the tree anew, from its stored tiles and from what the newest events say now, and compares its
    root with the one that was signed. `cdc audit verify` reads every event, and is independent of the writer.
    """

    units: Units
    scribe: Scribe

    async def __call__(self, caller: Caller) -> LogCheck:
        """The result is on record. Raises `NotFound` (nothing is sealed), `StorageUnavailable`."""
        async with self.units() as unit:
            head = await unit.seals.newest()
            if head is None:
                raise NotFound("Nothing is sealed yet; ask again in a few seconds.")
            start = max(0, head.size - NEWEST) // 256 * 256
            sound = await _sound(unit.seals, head, start, await _kept_from(unit.events))
            event = self.scribe(caller, Kind.LOG_CHECK, "ok" if sound else "damaged")
            detail = {"size": head.size, "read": head.size - start}
            unit.events.append(replace(event, detail=detail))
            await unit.commit()
        return LogCheck(event.at, sound, head.size, head.size - start)

    async def last(self) -> LogCheck | None:
        """What was found last, by whomever. Raises `StorageUnavailable`."""
        async with self.units() as unit:
            found = await unit.events.list(EventFilter(kind=Kind.LOG_CHECK), None, 1)
        return _recorded(found[0]) if found else None


async def _kept_from(events: EventStore) -> UUID:
    """The first ID that no retention has ended for."""
    found = await events.list(EventFilter(kind=Kind.RETENTION), None, 1)
    return first_id_at(datetime.fromisoformat(str(found[0].detail["before"]))) if found else FIRST_ID


async def _sound(seals: SealStore, head: SignedHead, start: int, kept_from: UUID) -> bool:
    try:
        edge = await edge_of(seals, start)
        async for page in seals.sealed(start, head.size):
            grown = await asyncio.to_thread(_grown, edge, page, kept_from)
            if grown is None:
                return False
            edge = grown
    except LogDamaged:
        return False
    return edge.size == head.size and edge.root == head.root


def _grown(edge: Edge, page: Iterable[SealedEvent], kept_from: UUID) -> Edge | None:
    """The tree with these events as they are stored now; None where one is gone that was to be kept."""
    hashes: list[bytes] = []
    for sealed in page:
        if sealed.form is not None:
            hashes.append(leaf_hash(canonical_bytes(sealed.form)))
        elif sealed.leaf.event_id < kept_from:
            hashes.append(sealed.leaf.hash)
        else:
            return None
    return extended(edge, hashes)[0]


def _recorded(event: Event) -> LogCheck:
    size, read = event.detail.get("size"), event.detail.get("read")
    return LogCheck(event.at, event.outcome == "ok", int(size or 0), int(read or 0))
