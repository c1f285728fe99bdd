"""What stewards decided, as labelled pairs to train and to evaluate the matching with."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from app.core.audit.event import Kind
from app.core.index.customer import Review, SourceRecord, Verdict
from app.services.operator_log import OperatorLog
from app.services.ports import UnitOfWork, Units


@dataclass(frozen=True, slots=True)
class Label:
    """Two records, whether a steward found them to be one person, and the model that was in doubt."""

    left: SourceRecord
    right: SourceRecord
    same: bool
    model: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class ExportLabels:
    """Elements as they are today, in clear; the export is in the log before the first line leaves."""

    units: Units
    log: OperatorLog

    async def __call__(self, client_id: str) -> AsyncIterator[Label]:
        """A label for each pair of records that a decided review was about. Raises `StorageUnavailable`."""
        await self.log.note(client_id, Kind.EXPORT, "ok", detail={"what": "labels"})
        async with self.units() as unit:
            async for review in unit.reviews.decided():
                for label in await _labels(unit, review):
                    yield label


async def _labels(unit: UnitOfWork, review: Review) -> list[Label]:
    """The record with each of those whose home is the candidate; none where it was withdrawn since."""
    candidate = (await unit.customers.get([review.candidate_id]))[review.candidate_id]
    theirs = await unit.index.records_of([candidate.known_as])
    return [
        Label(left, right, review.decision is Verdict.SAME, review.model, review.decided_at)
        for left in await unit.index.records_by_id([review.record_id])
        for right in theirs
        if right.home == review.candidate_id and right.record_id != left.record_id
    ]
