"""Everything the index knows of a customer, as a steward looks at it."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.audit.event import Kind
from app.core.index.customer import Customer, Review, SourceRecord
from app.core.index.customer_id import is_well_formed
from app.core.index.golden_record import GoldenRecord, SurvivorshipRules, golden_record
from app.core.index.ledger import Decision
from app.services.context import Caller
from app.services.errors import CustomerErased, CustomerMoved, NotFound, SourceSystemNotAllowed
from app.services.ports import UnitOfWork, Units
from app.services.read_history import decisions_about
from app.services.record_denial import RecordDenial
from app.services.scribe import Scribe


@dataclass(frozen=True, slots=True)
class Dossier:
    """A customer with their records, the decisions that led there in their order, who was merged into them,
    and what stewards are still asked about them. `golden` is None where every record was withdrawn."""

    customer_id: str
    golden: GoldenRecord | None
    records: Sequence[SourceRecord]
    history: Sequence[Decision]
    merged: Sequence[Customer]
    reviews: Sequence[Review]


@dataclass(frozen=True, slots=True)
class ReadDossier:
    """Only for those who know every source system of the customer; each look is an event."""

    units: Units
    deny: RecordDenial
    scribe: Scribe
    rules: SurvivorshipRules

    async def __call__(self, customer_id: str, caller: Caller, *, disclose: bool) -> Dossier:
        """`disclose`: the values are to be shown in clear.

        Raises `CustomerMoved`, `CustomerErased`, `NotFound`, `SourceSystemNotAllowed`, `StorageUnavailable`.
        """
        kind = Kind.DISCLOSURE if disclose else Kind.CUSTOMER_READ
        async with self.units() as unit:
            await existing(unit, customer_id)
            records = await unit.index.records_of([customer_id])
            allowed = all(caller.client.knows(record.local.source_system) for record in records)
            if allowed:
                found = Dossier(
                    customer_id,
                    golden_record(records, self.rules) if records else None,
                    records,
                    await decisions_about(unit, customer_id),
                    await unit.customers.retired_into(customer_id),
                    await unit.reviews.unsettled_of_customers([customer_id]),
                )
                unit.events.append(self.scribe(caller, kind, "ok", customer_id=customer_id))
                await unit.commit()
        if not allowed:
            await self.deny(caller, SourceSystemNotAllowed.code, kind=kind, customer_id=customer_id)
            raise SourceSystemNotAllowed
        return found


async def existing(unit: UnitOfWork, customer_id: str) -> Customer:
    """An active customer. Raises `NotFound`, `CustomerErased`, `CustomerMoved`."""
    found = await unit.customers.get([customer_id]) if is_well_formed(customer_id) else {}
    if customer_id not in found:
        raise NotFound("There is no customer with that ID.")
    customer = found[customer_id]
    if customer.erased_at is not None:
        raise CustomerErased
    if customer.survivor_id is not None:
        raise CustomerMoved(customer.survivor_id)
    return customer
