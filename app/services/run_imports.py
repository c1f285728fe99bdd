"""Uploaded files are registered, part by part, by one runner at a time for each job."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from app.core.access.client import Client
from app.core.audit.event import Event, Kind
from app.services.context import Origin
from app.services.import_job import ENDED, ImportJob, ImportStatus, PartKind
from app.services.import_source_records import ImportSourceRecords
from app.services.index_journal import Actor
from app.services.placing import Prepared
from app.services.ports import Clock, Conflict, Ids, StorageUnavailable, UnitOfWork, Units
from app.services.prepare import Reject, Sifted
from app.services.register_customer import Registered
from app.services.upload_import import read_part

LEASE = timedelta(seconds=60)
IDLE = 2.0
"""Seconds between two looks for work that another process was given, or left."""


@dataclass(frozen=True, slots=True)
class RunImports:
    """What a part brings, its results and the job's progress are one transaction: a crash loses and doubles
    nothing, and whoever finds the lease over goes on behind the last part."""

    units: Units
    importing: ImportSourceRecords
    clock: Clock
    ids: Ids
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    async def forever(self) -> None:
        """Works until it is cancelled."""
        while True:
            worked = False
            with suppress(StorageUnavailable, Conflict):
                worked = await self.once()
            if not worked:
                # Not `wait_for`, which loses a cancellation that comes just when it is woken (Python 3.11).
                with suppress(TimeoutError):
                    async with asyncio.timeout(IDLE):
                        await self.wake.wait()
                self.wake.clear()

    async def once(self) -> bool:
        """Takes one job and works on it to its end; False where there is none."""
        async with self.units() as unit:
            job = await unit.imports.waiting(self.clock.now())
        if job is None:
            return False
        if job.status is ImportStatus.UPLOADING:
            await self._end(job, ImportStatus.FAILED, "upload_broken_off")
            return True
        client = await self._client(job)
        if client is None:
            await self._end(job, ImportStatus.FAILED, "client_suspended")
            return True
        with suppress(Conflict):  # it was cancelled, or another runner has taken it over
            await self._work(await self._claim(job), client)
        return True

    async def _work(self, job: ImportJob, client: Client) -> None:
        """While a part is registered, the next one is read and prepared."""
        upcoming = asyncio.create_task(self._read(job, job.parts_done))
        try:
            while job.parts_done < job.parts:
                part = await upcoming
                upcoming = asyncio.create_task(self._read(job, job.parts_done + 1))
                job = await self._part(job, client, part)
        except (StorageUnavailable, Conflict):
            raise
        except Exception:
            await self._end(job, ImportStatus.FAILED, "internal_error")  # or it would come up for ever
            raise
        finally:
            await asyncio.gather(upcoming, return_exceptions=True)
            await self.importing.prepare_rows.rest()
        await self._end(job, ImportStatus.COMPLETED)

    async def _read(self, job: ImportJob, part: int) -> tuple[int, Sifted]:
        """A part's rows prepared, and how many there are; none of a part beyond the last."""
        async with self.units() as unit:
            stored = await unit.imports.part(job.import_id, PartKind.ROWS, part)
        rows = read_part(stored or ())
        return len(rows), await self.importing.prepare_rows(rows, job.source_system)

    async def _client(self, job: ImportJob) -> Client | None:
        async with self.units() as unit:
            credential = await unit.clients.get(job.client_id)
        return credential.client if credential and credential.client.active else None

    async def _claim(self, job: ImportJob) -> ImportJob:
        now = self.clock.now()
        mine = replace(
            job,
            status=ImportStatus.RUNNING,
            updated_at=now,
            lease_until=now + LEASE,
            version=job.version + 1,
        )
        async with self.units() as unit:
            unit.imports.put(mine)
            await unit.commit()
        return mine

    async def _part(self, job: ImportJob, client: Client, part: tuple[int, Sifted]) -> ImportJob:
        size, sifted = part
        taken, rejects = self._own(sifted, client)
        done = job

        def also(unit: UnitOfWork, ended: Sequence[Registered]) -> None:
            nonlocal done
            done = self._progress(job, size, ended, rejects)
            unit.imports.put(done)
            results = [*map(_result, taken, ended), *map(_rejected, rejects)]
            results.sort(key=lambda result: int(result["line"]))
            unit.imports.add_part(job.import_id, PartKind.RESULTS, job.parts_done, results)

        if taken:
            by = Actor(client.client_id, Origin())
            await self.importing.register.batch([prepared for _, prepared in taken], by, also=also)
        else:
            async with self.units() as unit:
                also(unit, ())
                await unit.commit()
        return done

    def _own(self, sifted: Sifted, client: Client) -> tuple[list[tuple[int, Prepared]], list[Reject]]:
        """Without the rows of source systems that are not the client's."""
        own = [(n, one) for n, one in sifted.taken if client.knows(one.row.local.source_system)]
        lines = {n for n, _ in own}
        expected = "a source system that this client is registered for"
        strange = [
            Reject(n, "source_system", "source_system_not_allowed", expected)
            for n, _ in sifted.taken
            if n not in lines
        ]
        return own, [*sifted.rejects, *strange]

    def _progress(
        self, job: ImportJob, rows: int, ended: Sequence[Registered], rejects: Sequence[Reject]
    ) -> ImportJob:
        outcomes = Counter(job.outcomes)
        outcomes.update(one.outcome if one.changed else "unchanged" for one in ended)
        outcomes["rejected"] += len({reject.line for reject in rejects})
        now = self.clock.now()
        return replace(
            job,
            parts_done=job.parts_done + 1,
            rows_done=job.rows_done + rows,
            outcomes={outcome: count for outcome, count in outcomes.items() if count},
            updated_at=now,
            lease_until=now + LEASE,
            version=job.version + 1,
        )

    async def _end(self, job: ImportJob, status: ImportStatus, error: str | None = None) -> None:
        async with self.units() as unit:
            end_import(unit, job, status, self._event(job, status), error)
            await unit.commit()

    def _event(self, job: ImportJob, status: ImportStatus) -> Event:
        return Event(
            event_id=self.ids.uuid(),
            at=self.clock.now(),
            kind=Kind.IMPORT,
            outcome=status,
            client_id=job.client_id,
            detail={"import_id": str(job.import_id), "rows": job.rows_done},
        )


def end_import(
    unit: UnitOfWork, job: ImportJob, status: ImportStatus, event: Event, error: str | None = None
) -> ImportJob:
    """The job's end, with its event; what was uploaded goes."""
    assert status in ENDED
    ended = replace(
        job, status=status, error=error, updated_at=event.at, lease_until=None, version=job.version + 1
    )
    unit.imports.put(ended)
    unit.imports.drop_parts(job.import_id, PartKind.ROWS)
    unit.events.append(event)
    return ended


def _result(taken: tuple[int, Prepared], ended: Registered) -> dict[str, Any]:
    line, row = taken[0], taken[1].row
    return {
        "line": line,
        "outcome": ended.outcome if ended.changed else "unchanged",
        "source_system": row.local.source_system,
        "local_id": row.local.local_id,
        "customer_id": ended.customer_id,
    }


def _rejected(reject: Reject) -> dict[str, Any]:
    return {
        "line": reject.line,
        "outcome": "rejected",
        "field": reject.field,
        "code": reject.code,
        "expected": reject.reason,
    }
