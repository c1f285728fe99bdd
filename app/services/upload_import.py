"""A file comes in over HTTP: read into rows as it comes, kept sealed, then queued."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from app.core.audit.event import Kind
from app.core.identity.failure import InvalidElement
from app.core.matching.blocking_key import BlockingKey
from app.services.context import Caller
from app.services.encodings import ENCODINGS
from app.services.errors import InvalidRequest, SourceSystemNotAllowed, TooManyImports
from app.services.import_job import ImportJob, ImportStatus, PartKind
from app.services.ports import Clock, Ids, Units
from app.services.record_denial import RecordDenial
from app.services.scribe import Scribe
from app.services.source_rows import Form, Row, RowReader
from app.services.unpacking import DamagedFile

PART = 100
"""Rows of a part: what is registered in one transaction, between which other requests have their turn."""
PATIENCE = timedelta(minutes=10)
"""How long an upload may stand still before it counts as broken off."""
_PART_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class UploadImport:
    """Nothing of the file lies anywhere in clear: each part is sealed into the database as it fills."""

    units: Units
    deny: RecordDenial
    scribe: Scribe
    clock: Clock
    ids: Ids
    most: int

    async def __call__(
        self,
        body: AsyncIterator[bytes],
        form: Form,
        encoding: str,
        source_system: str | None,
        caller: Caller,
    ) -> ImportJob:
        """The queued job. Raises `SourceSystemNotAllowed`, `TooManyImports`, `InvalidRequest`,
        `StorageUnavailable`."""
        if source_system is not None and not caller.client.knows(source_system):
            await self.deny(caller, "source_system_not_allowed", kind=Kind.IMPORT)
            raise SourceSystemNotAllowed
        try:
            reader = RowReader(form, encoding)
        except LookupError:
            raise InvalidRequest("encoding", f"auto, or one of {', '.join(ENCODINGS)}") from None
        try:
            job = await self._begin(source_system, caller)
        except TooManyImports:
            await self.deny(caller, TooManyImports.code, kind=Kind.IMPORT)
            raise
        try:
            job = await self._take(body, reader, job)
        except DamagedFile as wrong:
            await self._give_up(job, "damaged_file")
            raise InvalidRequest("body", str(wrong)) from None
        return await self._queue(job, caller)

    async def _begin(self, source_system: str | None, caller: Caller) -> ImportJob:
        now = self.clock.now()
        job = ImportJob(
            import_id=self.ids.uuid(),
            client_id=caller.client.client_id,
            status=ImportStatus.UPLOADING,
            source_system=source_system,
            created_at=now,
            updated_at=now,
            lease_until=now + PATIENCE,
        )
        async with self.units() as unit:
            # Two uploads at once must not both be the last one that a client may have.
            await unit.index.lock([BlockingKey("imports of", job.client_id)])
            if await unit.imports.under_way(job.client_id) >= self.most:
                raise TooManyImports(self.most)
            unit.imports.put(job)
            await unit.commit()
        return job

    async def _take(self, body: AsyncIterator[bytes], reader: RowReader, job: ImportJob) -> ImportJob:
        pending: list[Any] = []
        size = 0
        async for piece in body:
            size += len(piece)
            for row in reader.feed(piece):
                pending.append(_kept(row))
                if len(pending) == PART or size > _PART_BYTES:
                    job, pending, size = await self._store(job, pending), [], 0
        rest = [*pending, *map(_kept, reader.finish())]
        for start in range(0, len(rest), PART):
            job = await self._store(job, rest[start : start + PART])
        return job

    async def _store(self, job: ImportJob, rows: Sequence[Any]) -> ImportJob:
        now = self.clock.now()
        done = replace(
            job,
            parts=job.parts + 1,
            rows=job.rows + len(rows),
            updated_at=now,
            lease_until=now + PATIENCE,
            version=job.version + 1,
        )
        async with self.units() as unit:
            unit.imports.put(done)
            unit.imports.add_part(job.import_id, PartKind.ROWS, job.parts, rows)
            await unit.commit()
        return done

    async def _queue(self, job: ImportJob, caller: Caller) -> ImportJob:
        queued = replace(
            job,
            status=ImportStatus.QUEUED,
            updated_at=self.clock.now(),
            lease_until=None,
            version=job.version + 1,
        )
        event = self.scribe(caller, Kind.IMPORT, "queued")
        system = job.source_system
        event = replace(
            event, detail={"import_id": str(job.import_id), "rows": job.rows, "source_system": system}
        )
        async with self.units() as unit:
            unit.imports.put(queued)
            unit.events.append(event)
            await unit.commit()
        return queued

    async def _give_up(self, job: ImportJob, error: str) -> None:
        async with self.units() as unit:
            stored = await unit.imports.get(job.import_id) or job
            unit.imports.put(
                replace(stored, status=ImportStatus.FAILED, error=error, version=stored.version + 1)
            )
            unit.imports.drop_parts(job.import_id, PartKind.ROWS)
            await unit.commit()


def _kept(row: Row) -> list[Any]:
    line, content = row
    if isinstance(content, InvalidElement):
        return [line, None, [content.field, content.code, content.expected]]
    return [line, dict(content)]


def read_part(part: Iterable[Sequence[Any]]) -> list[Row]:
    """A stored part's rows, as they were read."""
    return [(row[0], row[1] if row[1] is not None else InvalidElement(*row[2])) for row in part]
