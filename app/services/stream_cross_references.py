"""The cross-index for a client: of the source systems it knows, page by page."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from app.core.audit.event import Kind
from app.core.index.customer import CrossReference, LocalId
from app.services.context import Caller
from app.services.errors import SourceSystemNotAllowed
from app.services.ports import Units
from app.services.record_denial import RecordDenial
from app.services.scribe import Scribe

Systems = tuple[str | None, ...]
"""Source systems to read one after the other; None is all of them."""


@dataclass(frozen=True, slots=True)
class StreamCrossReferences:
    """`begin` decides and writes the event; only then does `read` give the first line."""

    units: Units
    deny: RecordDenial
    scribe: Scribe

    async def begin(self, source_system: str | None, caller: Caller) -> Systems:
        """Which systems the caller receives. Raises `SourceSystemNotAllowed`, `StorageUnavailable`."""
        if source_system is not None and not caller.client.knows(source_system):
            await self.deny(caller, "source_system_not_allowed", kind=Kind.EXPORT)
            raise SourceSystemNotAllowed
        event = self.scribe(caller, Kind.EXPORT, "ok")
        detail = {"what": "cross_references", "source_system": source_system}
        async with self.units() as unit:
            unit.events.append(replace(event, detail=detail))
            await unit.commit()
        if source_system is not None:
            return (source_system,)
        own = caller.client.source_systems
        return (None,) if own is None else tuple(sorted(own))

    async def read(self, systems: Systems) -> AsyncIterator[CrossReference]:
        """The cross-references, in the order of system and local ID."""
        for system in systems:
            after = LocalId(system or "", "")
            while page := await self._page(system, after):
                for reference in page:
                    yield reference
                after = page[-1].local

    async def _page(self, system: str | None, after: LocalId) -> list[CrossReference]:
        """A unit of work a page: a slow reader keeps no connection from others."""
        async with self.units() as unit:
            return await unit.cross_index.page(system, after)
