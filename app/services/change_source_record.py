"""A source system withdraws a record, or says that two of its local IDs are one person."""

from dataclasses import dataclass

from app.core.audit.event import Kind
from app.core.index.customer import CrossReference, LocalId, Review, ReviewStatus, SourceRecord
from app.services.context import Caller
from app.services.errors import InvalidRequest, NotFound, SourceSystemNotAllowed, VersionMismatch
from app.services.placing import ANY_VERSION
from app.services.resolver import Resolver
from app.services.stewardship import Editing, Stewardship


@dataclass(frozen=True, slots=True)
class ChangeSourceRecord:
    """What a system may say of its own records beside their content."""

    stewardship: Stewardship
    resolver: Resolver

    async def withdraw(self, local: LocalId, if_version: int | None, caller: Caller) -> None:
        """The record leaves the index. Its history and its customer's ID stay; the local ID is free again.

        Raises `NotFound`, `VersionMismatch`, `SourceSystemNotAllowed`, `StorageUnavailable`.
        """
        async with self.stewardship.edit(caller, Kind.WITHDRAWAL) as editing:
            _check(local, caller)
            (record,) = await _records(editing, local)
            if if_version not in (None, ANY_VERSION, record.version):
                raise VersionMismatch
            await editing.editor.withdraw(record, "withdrawn")
            editing.note("withdrawn", record.customer_id, source_system=local.source_system)

    async def merge(self, local: LocalId, into: str, caller: Caller) -> CrossReference:
        """The system says that `local` and its local ID `into` are one person.

        Where the record is all that its customer has, that customer is merged; where other systems know them
        too, the record alone moves, and a steward is asked about the rest.

        Raises `NotFound`, `InvalidRequest`, `SourceSystemNotAllowed`, `StorageUnavailable`.
        """
        if into == local.local_id:
            raise InvalidRequest("into", "another local ID of the same source system")
        async with self.stewardship.edit(caller, Kind.MERGE) as editing:
            _check(local, caller)
            record, target = await _records(editing, local, LocalId(local.source_system, into))
            left, survivor = record.customer_id, target.customer_id
            if left != survivor:
                await self._join(editing, record, target)
            editing.note("source_merge", survivor, left, source_system=local.source_system)
        return CrossReference(local, survivor)

    async def _join(self, editing: Editing, record: SourceRecord, target: SourceRecord) -> None:
        others = await editing.unit.index.records_of([record.customer_id])
        if len(others) == 1:
            await editing.editor.merge(target.customer_id, record.customer_id, "source_merge", None)
            return
        await editing.editor.relink(record, target.home, target.customer_id, "source_merge")
        rest = next(other for other in others if other.record_id != record.record_id)
        theirs = await editing.unit.index.records_of([target.customer_id])
        known = self.resolver.known([*theirs, record.moved(target.home, target.customer_id)])
        answer = self.resolver.ask(rest.given, known)
        editing.unit.reviews.add(
            [
                Review(
                    review_id=editing.editor.journal.ids.uuid(),
                    record_id=rest.record_id,
                    customer_id=rest.customer_id,
                    candidate_id=target.customer_id,
                    score=answer.candidates[0].score,
                    reasons=("source_merge", *answer.flags, *answer.reasons),
                    model=answer.model,
                    opened_at=editing.editor.journal.now,
                    status=ReviewStatus.OPEN,
                )
            ]
        )


def _check(local: LocalId, caller: Caller) -> None:
    if not caller.client.knows(local.source_system):
        raise SourceSystemNotAllowed


async def _records(editing: Editing, *locals_: LocalId) -> list[SourceRecord]:
    """The records under these local IDs, in order. Raises `NotFound`."""
    found = {record.local: record for record in await editing.unit.index.records(locals_)}
    if len(found) != len(locals_):
        raise NotFound("This source system has no customer under that local ID.")
    return [found[local] for local in locals_]
