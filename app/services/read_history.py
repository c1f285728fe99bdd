"""Who this customer was then."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from app.core.audit.event import Kind
from app.core.index.customer import CrossReference, SourceRecord
from app.core.index.customer_id import is_well_formed
from app.core.index.golden_record import SurvivorshipRules, golden_record
from app.core.index.history import Then, who_was
from app.core.index.ledger import Decision
from app.services.context import Caller
from app.services.errors import CustomerErased, NotFound, SourceSystemNotAllowed
from app.services.ports import UnitOfWork, Units
from app.services.read_customer import CustomerView
from app.services.record_denial import RecordDenial
from app.services.scribe import Scribe


@dataclass(frozen=True, slots=True)
class ReadHistory:
    """Folds the part of the ledger that concerns the customer, and takes the contents that held then."""

    units: Units
    deny: RecordDenial
    scribe: Scribe
    rules: SurvivorshipRules

    async def __call__(self, customer_id: str, at: datetime, caller: Caller) -> CustomerView:
        """The customer as they were known then, under the ID of then; without any record where all were
        withdrawn by then.

        Raises `CustomerErased`, `NotFound`, `SourceSystemNotAllowed`, `StorageUnavailable`."""
        if not is_well_formed(customer_id):
            raise NotFound("There is no customer with that ID.")
        async with self.units() as unit:
            known = (await unit.customers.get([customer_id])).get(customer_id)
            erased = known is not None and known.erased_at is not None
            then = None if erased else who_was(customer_id, at, await decisions_about(unit, customer_id))
            records = await _contents(unit, then, at) if then is not None else []
            seen = [r for r in records if caller.client.knows(r.local.source_system)]
            if seen or not records:
                event = self.scribe(caller, Kind.CUSTOMER_READ, "ok" if then is not None else "not_found")
                unit.events.append(
                    replace(
                        event,
                        customer_id=customer_id if then or erased else None,
                        detail={"at": at.isoformat()},
                    )
                )
                await unit.commit()
        if erased:
            raise CustomerErased
        if then is None:
            raise NotFound("There was no customer with that ID at that time.")
        if records and not seen:
            await self.deny(
                caller, "source_system_not_allowed", kind=Kind.CUSTOMER_READ, customer_id=customer_id
            )
            raise SourceSystemNotAllowed
        references = tuple(CrossReference(r.local, r.customer_id) for r in seen)
        return CustomerView(then.known_as, golden_record(seen, self.rules), references)


async def decisions_about(unit: UnitOfWork, customer_id: str) -> list[Decision]:
    """Every decision about the customer, about whoever was ever one with them, and about the records that any
    of them ever had, in order."""
    found: dict[int, Decision] = {}
    customers, records = {customer_id}, set[UUID]()
    new_customers, new_records = {customer_id}, set[UUID]()
    while new_customers or new_records:
        found |= await unit.ledger.about(sorted(new_customers), sorted(new_records))
        named = {c for d in found.values() for c in (d.customer_id, d.other_id) if c is not None}
        linked = {d.record_id for d in found.values() if d.record_id is not None}
        new_customers, new_records = named - customers, linked - records
        customers |= named
        records |= linked
    return [found[position] for position in sorted(found)]


async def _contents(unit: UnitOfWork, then: Then, at: datetime) -> list[SourceRecord]:
    """The records of that time: those whose content has changed since from their history."""
    ids = sorted(then.records)
    current = [r for r in await unit.index.records_by_id(ids) if r.updated_at <= at]
    old = await unit.index.contents_at(ids, at)
    return [record.moved(then.records[record.record_id], then.known_as) for record in (*current, *old)]
