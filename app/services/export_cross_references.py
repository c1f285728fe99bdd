"""The whole cross-index: (source system, local ID) → master customer ID."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from app.core.audit.event import Event, Kind
from app.core.index.customer import CrossReference
from app.services.ports import Clock, Ids, Units


@dataclass(frozen=True, slots=True)
class ExportCrossReferences:
    """Streams the cross-index; the export is in the log before the first line leaves."""

    units: Units
    clock: Clock
    ids: Ids

    async def __call__(
        self, client_id: str, source_system: str | None = None
    ) -> AsyncIterator[CrossReference]:
        """Every cross-reference, of one source system or of all. Raises `StorageUnavailable`."""
        event = Event(
            event_id=self.ids.uuid(),
            at=self.clock.now(),
            kind=Kind.EXPORT,
            outcome="ok",
            client_id=client_id,
            detail={"what": "cross_references", "source_system": source_system},
        )
        async with self.units() as unit:
            unit.events.append(event)
            await unit.commit()
        async with self.units() as unit:
            async for reference in unit.index.cross_references(source_system):
                yield reference
