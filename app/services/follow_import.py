"""How an import goes, what became of its rows, and its early end."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from app.core.audit.event import Kind
from app.core.matching.blocking_key import BlockingKey
from app.services.context import Caller
from app.services.errors import NotFound, ResultsGone
from app.services.import_job import ENDED, ImportJob, ImportStatus, PartKind
from app.services.ports import Conflict, UnitOfWork, Units
from app.services.run_imports import end_import
from app.services.scribe import Scribe

_TRIES = 5


@dataclass(frozen=True, slots=True)
class FollowImport:
    """A client sees its own jobs alone."""

    units: Units
    scribe: Scribe

    async def job(self, import_id: UUID, caller: Caller) -> ImportJob:
        """Raises `NotFound`, `StorageUnavailable`."""
        async with self.units() as unit:
            return await _own_job(unit, import_id, caller)

    async def with_results(self, import_id: UUID, caller: Caller) -> ImportJob:
        """A job whose results can be read. Raises `NotFound`, `ResultsGone`, `StorageUnavailable`."""
        async with self.units() as unit:
            job = await _own_job(unit, import_id, caller)
            if job.parts_done and await unit.imports.part(import_id, PartKind.RESULTS, 0) is None:
                raise ResultsGone
        return job

    async def results(self, job: ImportJob) -> AsyncIterator[list[dict[str, Any]]]:
        """What became of the rows so far, part by part, in order."""
        for part in range(job.parts_done):
            async with self.units() as unit:
                results = await unit.imports.part(job.import_id, PartKind.RESULTS, part)
            yield results or []

    async def cancel(self, import_id: UUID, caller: Caller) -> ImportJob:
        """Ends the job; what is registered stays. One that has ended stays as it is. Raises `NotFound`."""
        for attempt in range(_TRIES):
            try:
                return await self._cancel(import_id, caller)
            except Conflict:  # the runner was faster by a part
                if attempt == _TRIES - 1:
                    raise
        raise AssertionError("unreachable")

    async def _cancel(self, import_id: UUID, caller: Caller) -> ImportJob:
        async with self.units() as unit:
            # With one writer at a time, as on SQLite, a busy runner would win every race otherwise.
            await unit.index.lock([BlockingKey("import", str(import_id))])
            job = await _own_job(unit, import_id, caller)
            if job.status in ENDED:
                return job
            event = self.scribe(caller, Kind.IMPORT, ImportStatus.CANCELLED)
            event = replace(event, detail={"import_id": str(import_id), "rows": job.rows_done})
            ended = end_import(unit, job, ImportStatus.CANCELLED, event)
            await unit.commit()
        return ended


async def _own_job(unit: UnitOfWork, import_id: UUID, caller: Caller) -> ImportJob:
    job = await unit.imports.get(import_id)
    if job is None or job.client_id != caller.client.client_id:
        raise NotFound("There is no import with that ID.")
    return job
