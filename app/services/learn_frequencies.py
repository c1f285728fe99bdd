"""How common names are among a center's own customers, for the model's term frequencies."""

from collections.abc import Callable
from dataclasses import dataclass

from app.core.audit.event import Kind
from app.core.identity.failure import InvalidElements
from app.core.identity.names.name import Name
from app.core.index.customer import LocalId, SourceRecord
from app.core.matching.frequencies import NameCounts
from app.services.operator_log import OperatorLog
from app.services.ports import Units
from app.services.resolver import Resolver

Progress = Callable[[int], None]
"""Told how many more records were read."""


@dataclass(frozen=True, slots=True)
class LearnFrequencies:
    """Reads every source record page by page, each page in a unit of work of its own."""

    units: Units
    resolver: Resolver
    log: OperatorLog

    async def __call__(self, client_id: str, progress: Progress) -> NameCounts:
        """Each customer counts once, by the first of their records that has a name. In the log before the
        first name is read. Raises `StorageUnavailable`."""
        await self.log.note(client_id, Kind.EXPORT, "ok", detail={"what": "name_frequencies"})
        counts, seen, after = NameCounts(), set[str](), LocalId("", "")
        while page := await self._page(after):
            for record in page:
                name = None if record.customer_id in seen else self._name(record)
                if name is not None:
                    seen.add(record.customer_id)
                    counts.add(name)
            progress(len(page))
            after = page[-1].local
        return counts

    async def records(self) -> int:
        """How many there are to read."""
        async with self.units() as unit:
            counted = [await unit.cross_index.counts(s) for s in await unit.cross_index.systems()]
        return sum(stored for stored, _ in counted)

    async def _page(self, after: LocalId) -> list[SourceRecord]:
        """The next records in the order of their references; one withdrawn meanwhile is not among them."""
        async with self.units() as unit:
            while page := await unit.cross_index.page(None, after):
                order = {reference.local: n for n, reference in enumerate(page)}
                records = await unit.index.records(list(order))
                if records:
                    return sorted(records, key=lambda record: order[record.local])
                after = page[-1].local
        return []

    def _name(self, record: SourceRecord) -> Name | None:
        try:
            return self.resolver.understand(record.given).name
        except InvalidElements:
            return None
