"""What the index knows of a customer, for those who may read it."""

from dataclasses import dataclass, replace

from app.core.audit.event import Event, Kind
from app.core.index.customer import CrossReference, LocalId
from app.core.index.customer_id import is_well_formed
from app.core.index.golden_record import GoldenRecord, SurvivorshipRules, golden_record
from app.services.context import Caller
from app.services.errors import CustomerErased, CustomerMoved, NotFound, SourceSystemNotAllowed
from app.services.ports import Units
from app.services.record_denial import RecordDenial
from app.services.scribe import Scribe


@dataclass(frozen=True, slots=True)
class CustomerView:
    """A customer as one client may see them: by the records of the systems that the client knows, and no
    other. Its golden record is the best of those."""

    customer_id: str
    golden: GoldenRecord
    cross_references: tuple[CrossReference, ...]


@dataclass(frozen=True, slots=True)
class ReadCustomer:
    """Reads are events too: who looked at whom."""

    units: Units
    deny: RecordDenial
    scribe: Scribe
    rules: SurvivorshipRules

    async def cross_reference(self, local: LocalId, caller: Caller) -> CrossReference:
        """The master customer ID of a local ID. Raises `SourceSystemNotAllowed`, `NotFound`."""
        if not caller.client.knows(local.source_system):
            await self.deny(caller, "source_system_not_allowed", kind=Kind.CUSTOMER_READ)
            raise SourceSystemNotAllowed
        async with self.units() as unit:
            records = await unit.index.records([local])
            customer_id = records[0].customer_id if records else None
            unit.events.append(self._event(caller, customer_id, local.source_system))
            await unit.commit()
        if customer_id is None:
            raise NotFound("This source system has no customer under that local ID.")
        return CrossReference(local, customer_id, records[0].version)

    async def customer(self, customer_id: str, caller: Caller) -> CustomerView:
        """The golden record with its cross-references.

        Raises `CustomerMoved`, `CustomerErased`, `NotFound`, `SourceSystemNotAllowed`, `StorageUnavailable`.
        """
        if not is_well_formed(customer_id):
            raise NotFound("There is no customer with that ID.")
        async with self.units() as unit:
            records = await unit.index.records_of([customer_id])
            known = None if records else (await unit.customers.get([customer_id])).get(customer_id)
            erased = known is not None and known.erased_at is not None
            moved_to = known.survivor_id if known is not None and not erased else None
            seen = [r for r in records if caller.client.knows(r.local.source_system)]
            if seen or not records:
                named = customer_id if records or moved_to or erased else None
                unit.events.append(self._event(caller, named, None))
                await unit.commit()
        if erased:
            raise CustomerErased
        if moved_to is not None:
            raise CustomerMoved(moved_to)
        if not records:
            raise NotFound("There is no customer with that ID.")
        if not seen:
            await self.deny(
                caller, "source_system_not_allowed", kind=Kind.CUSTOMER_READ, customer_id=customer_id
            )
            raise SourceSystemNotAllowed
        references = tuple(CrossReference(r.local, r.customer_id) for r in seen)
        return CustomerView(customer_id, golden_record(seen, self.rules), references)

    def _event(self, caller: Caller, customer_id: str | None, source_system: str | None) -> Event:
        return replace(
            self.scribe(caller, Kind.CUSTOMER_READ, "ok" if customer_id else "not_found"),
            customer_id=customer_id,
            detail={"source_system": source_system} if source_system else {},
        )
