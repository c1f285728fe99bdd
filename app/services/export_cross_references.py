"""The whole cross-index: (source system, local ID) → master customer ID."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from app.core.audit.event import Kind
from app.core.index.customer import CrossReference
from app.services.operator_log import OperatorLog
from app.services.ports import Units


@dataclass(frozen=True, slots=True)
class ExportCrossReferences:
    """Streams the cross-index; the export is in the log before the first line leaves."""

    units: Units
    log: OperatorLog

    async def __call__(
        self, client_id: str, source_system: str | None = None
    ) -> AsyncIterator[CrossReference]:
        """Every cross-reference, of one source system or of all. Raises `StorageUnavailable`."""
        detail = {"what": "cross_references", "source_system": source_system}
        await self.log.note(client_id, Kind.EXPORT, "ok", detail=detail)
        async with self.units() as unit:
            async for reference in unit.index.cross_references(source_system):
                yield reference
