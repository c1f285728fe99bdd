"""What a merge or a split would come to, before anybody does it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.core.audit.event import Kind
from app.core.index.customer import SourceRecord
from app.core.index.golden_record import GoldenRecord, SurvivorshipRules, changed_fields, golden_record
from app.core.matching.answer import KnownCustomer, ScoredCandidate
from app.services.context import Caller
from app.services.errors import InvalidRequest, NotPossible, SourceSystemNotAllowed
from app.services.index_state import index_state
from app.services.ports import UnitOfWork, Units
from app.services.read_dossier import existing
from app.services.record_denial import RecordDenial
from app.services.resolver import Resolver
from app.services.scribe import Scribe


@dataclass(frozen=True, slots=True)
class MergePreview:
    """`after` is the survivor's golden record then, `changed` the fields that would differ from today's;
    `comparison` is how the retired customer's first record compares with the survivor's best one."""

    survivor_id: str
    retired_id: str
    staying: Sequence[SourceRecord]
    moving: Sequence[SourceRecord]
    after: GoldenRecord
    changed: tuple[str, ...]
    comparison: ScoredCandidate


@dataclass(frozen=True, slots=True)
class SplitPreview:
    """Both golden records then. `revived` is the ID that comes back to life, None where a new one is made."""

    customer_id: str
    staying: Sequence[SourceRecord]
    leaving: Sequence[SourceRecord]
    stays: GoldenRecord
    leaves: GoldenRecord
    changed: tuple[str, ...]
    revived: str | None


@dataclass(frozen=True, slots=True)
class PreviewChange:
    """Nothing changes, but who looks at customers is on record."""

    units: Units
    resolver: Resolver
    deny: RecordDenial
    scribe: Scribe
    rules: SurvivorshipRules

    async def merge(
        self, survivor_id: str, retired_id: str, caller: Caller, *, disclose: bool
    ) -> MergePreview:
        """Raises `CustomerMoved`, `NotFound`, `NotPossible`, `SourceSystemNotAllowed`,
        `StorageUnavailable`."""
        if survivor_id == retired_id:
            raise NotPossible("A customer cannot be merged with themselves.")
        async with self.units() as unit:
            for customer_id in (survivor_id, retired_id):
                await existing(unit, customer_id)
            records = await unit.index.records_of([survivor_id, retired_id])
            await self._look(unit, records, [survivor_id, retired_id], "merge", caller, disclose)
        staying = [r for r in records if r.customer_id == survivor_id]
        moving = [r for r in records if r.customer_id == retired_id]
        if not staying or not moving:
            raise NotPossible("One of the two has no records any more.")
        known = tuple(self.resolver.known_record(r.given) for r in staying)
        answer = self.resolver.ask(moving[0].given, (KnownCustomer(survivor_id, known),))
        after = golden_record(records, self.rules)
        changed = changed_fields(golden_record(staying, self.rules), after)
        return MergePreview(survivor_id, retired_id, staying, moving, after, changed, answer.candidates[0])

    async def split(
        self, customer_id: str, record_ids: Collection[UUID], caller: Caller, *, disclose: bool
    ) -> SplitPreview:
        """Raises `CustomerMoved`, `NotFound`, `InvalidRequest`, `SourceSystemNotAllowed`,
        `StorageUnavailable`."""
        async with self.units() as unit:
            await existing(unit, customer_id)
            records = await unit.index.records_of([customer_id])
            await self._look(unit, records, [customer_id], "split", caller, disclose)
            state = await index_state(unit, customer_id)
        leaving = [r for r in records if r.record_id in record_ids]
        staying = [r for r in records if r.record_id not in record_ids]
        if not leaving or not staying or len(leaving) != len(set(record_ids)):
            raise InvalidRequest("records", "some of this customer's records, but not all")
        stays = golden_record(staying, self.rules)
        return SplitPreview(
            customer_id,
            staying,
            leaving,
            stays,
            golden_record(leaving, self.rules),
            changed_fields(golden_record(records, self.rules), stays),
            state.to_revive({record.record_id for record in leaving}),
        )

    async def _look(
        self,
        unit: UnitOfWork,
        records: Sequence[SourceRecord],
        customer_ids: Sequence[str],
        purpose: str,
        caller: Caller,
        disclose: bool,
    ) -> None:
        """Puts the look on record, or its denial."""
        kind = Kind.DISCLOSURE if disclose else Kind.CUSTOMER_READ
        if not all(caller.client.knows(record.local.source_system) for record in records):
            await self.deny(caller, SourceSystemNotAllowed.code, kind=kind)
            raise SourceSystemNotAllowed
        for customer_id in customer_ids:
            event = self.scribe(caller, kind, "ok", customer_id=customer_id, detail={"preview": purpose})
            unit.events.append(event)
        await unit.commit()
