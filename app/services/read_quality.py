"""The quality of what a source system sends, for those who send it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.core.audit.event import Event, Kind
from app.core.identity.elements import IdentityElements
from app.core.identity.failure import InvalidElements
from app.core.index.customer import LocalId, SourceRecord
from app.core.index.quality import FIELDS, Fault, faults
from app.services.context import Caller
from app.services.errors import NotFound, SourceSystemNotAllowed
from app.services.operator_log import OperatorLog
from app.services.ports import Units
from app.services.record_denial import RecordDenial
from app.services.resolver import Resolver
from app.services.scribe import Scribe


@dataclass(frozen=True, slots=True)
class Quality:
    """Of how many records, and how many of them have which fault in which field. `duplicates`: records beyond
    the first of each customer."""

    source_system: str
    records: int
    duplicates: int
    faults: Mapping[tuple[str, Fault], int]

    def share(self, field: str, fault: Fault) -> float:
        """The share of records with this fault, 0 to 1."""
        return self.faults.get((field, fault), 0) / self.records if self.records else 0.0


@dataclass(frozen=True, slots=True)
class ReadQuality:
    """Reads a source system's records page by page, each page in a unit of work of its own."""

    units: Units
    resolver: Resolver
    deny: RecordDenial
    scribe: Scribe
    log: OperatorLog

    async def __call__(self, source_system: str, caller: Caller) -> Quality:
        """Raises `SourceSystemNotAllowed`, `NotFound`, `StorageUnavailable`."""
        if not caller.client.knows(source_system):
            await self.deny(caller, "source_system_not_allowed", kind=Kind.QUALITY_READ)
            raise SourceSystemNotAllowed
        found = await self._measure(source_system)
        event = self.scribe(caller, Kind.QUALITY_READ, "ok" if found else "not_found")
        await self._log(event, source_system)
        if found is None:
            raise NotFound("This source system has registered nobody.")
        return found

    async def for_operator(self, source_system: str, client_id: str) -> Quality | None:
        """At the terminal; None where the system has registered nobody."""
        found = await self._measure(source_system)
        event = self.log.event(client_id, Kind.QUALITY_READ, "ok" if found else "not_found")
        await self._log(event, source_system)
        return found

    async def systems(self) -> Sequence[str]:
        """The source systems that have registered anybody."""
        async with self.units() as unit:
            return await unit.cross_index.systems()

    async def _log(self, event: Event, source_system: str) -> None:
        async with self.units() as unit:
            unit.events.append(replace(event, detail={"source_system": source_system}))
            await unit.commit()

    async def _measure(self, source_system: str) -> Quality | None:
        counted: Counter[tuple[str, Fault]] = Counter()
        records, after = 0, LocalId(source_system, "")
        while page := await self._page(source_system, after):
            for record in page:
                counted.update(faults(self._understood(record)))
            records += len(page)
            after = page[-1].local
        if not records:
            return None
        async with self.units() as unit:
            stored, customers = await unit.cross_index.counts(source_system)
        return Quality(source_system, records, max(0, stored - customers), counted)

    async def _page(self, source_system: str, after: LocalId) -> list[SourceRecord]:
        async with self.units() as unit:
            page = await unit.cross_index.page(source_system, after)
            records = await unit.index.records([reference.local for reference in page])
        return sorted(records, key=lambda record: record.local.local_id.encode())

    def _understood(self, record: SourceRecord) -> IdentityElements | InvalidElements:
        try:
            return self.resolver.understand(record.given)
        except InvalidElements as wrong:
            return wrong


def rows(quality: Quality) -> dict[str, dict[str, float]]:
    """Field → fault → share, rounded to six digits."""
    return {
        field: {fault.value: round(quality.share(field, fault), 6) for fault in Fault} for field in FIELDS
    }
