"""The sealed access log for an auditor: leaves, stored events and checkpoints, in the order of the tree."""

from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.audit.event import Kind
from app.core.audit.log import SealedEvent, SignedHead, first_id_at
from app.core.audit.merkle import Edge
from app.services.errors import InvalidRequest
from app.services.log_ports import SealStore
from app.services.operator_log import OperatorLog
from app.services.ports import Units
from app.services.tree_reader import edge_of

SETTLED = timedelta(minutes=10)
"""An event that has no leaf after so long is worth a word."""


@dataclass(frozen=True, slots=True)
class Begin:
    """Where an export begins: behind the leaves of this edge."""

    edge: Edge


Part = Begin | SealedEvent | SignedHead


@dataclass(frozen=True, slots=True)
class ExportLog:
    """Streams the sealed log, whole checkpoints at a time."""

    units: Units
    log: OperatorLog

    async def __call__(
        self, since: datetime | None = None, until: datetime | None = None
    ) -> AsyncIterator[Part]:
        """Everything, or what covers the time between: from the last checkpoint signed until `since` to the
        first one signed from `until` on.

        Raises `InvalidRequest` where there is no checkpoint, `LogDamaged`, `StorageUnavailable`.
        """
        async with self.units() as unit:
            seals = unit.seals
            last = await seals.head_after(until) if until else None
            last = last or await seals.newest()
            if last is None:
                raise InvalidRequest("log", "at least one checkpoint; nothing is sealed yet")
            first = await seals.head_before(since) if since else None
            yield Begin(await edge_of(seals, first.size) if first else Edge())
            if first is not None:
                yield first
            async for part in _parts(seals, first.size if first else 0, last.size):
                yield part

    async def record(self, client_id: str) -> None:
        """Notes in the log that it is exported; before the first line leaves."""
        await self.log.note(client_id, Kind.EXPORT, "ok", detail={"what": "access_log"})

    async def checked(self, client_id: str, size: int, *, sound: bool) -> None:
        """Notes in the log that all its leaves were verified, and with what result."""
        outcome = "ok" if sound else "damaged"
        await self.log.note(client_id, Kind.LOG_CHECK, outcome, detail={"size": size, "read": size})

    async def unsealed(self) -> int:
        """How many events should have a leaf by now and have none."""
        async with self.units() as unit:
            return await unit.seals.unsealed_count(first_id_at(self.log.clock.now() - SETTLED))


async def _parts(seals: SealStore, size: int, end: int) -> AsyncIterator[Part]:
    """Leaves, and each checkpoint behind the last leaf that it covers; both are read page by page."""
    heads = deque(await seals.heads(size))
    async for page in seals.sealed(size, end):
        for event in page:
            while heads and heads[0].size <= event.leaf.index:
                head = heads.popleft()
                yield head
                if not heads:
                    heads.extend(await seals.heads(head.size))
            yield event
    for head in heads:
        if head.size <= end:
            yield head
