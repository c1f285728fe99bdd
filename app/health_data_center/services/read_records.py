"""A page of one customer's records of one domain, for the bearer of a customer-bound token."""

from dataclasses import dataclass, replace

from app.health_data_center.access_log import Kind, Result, append
from app.health_data_center.cipher import Unreadable
from app.health_data_center.domains import Domain
from app.health_data_center.problems import not_granted
from app.health_data_center.record_store import Opening, Page, RecordQuery, RecordStore
from app.health_data_center.services.gate import Caller, Gate


@dataclass(frozen=True, slots=True)
class ReadRecords:
    """Reads only what the token grants, and only with a line in the log."""

    gate: Gate
    store: RecordStore

    async def __call__(self, caller: Caller, customer_id: str, domain: Domain, query: RecordQuery) -> Page:
        """Raises `Problem` (not granted), `StorageUnavailable` and `Unreadable`."""
        grant = caller.claims.grant
        event = replace(
            caller.event(Kind.RECORDS_READ, Result.PERMIT, self.gate.now()),
            customer_id=customer_id,
            domains=(domain.value,),
            purpose=grant.purpose if grant else None,
        )
        if grant is None or grant.customer_id != customer_id or domain not in grant.domains:
            known = grant is not None and grant.customer_id == customer_id
            reason = "wrong_domain" if known else "wrong_customer"
            await self.gate.log(replace(event, outcome=Result.DENY, reasons=(reason,)))
            raise not_granted()
        opening = Opening(caller.claims.client_id, grant.sensitive, grant.withheld)
        try:
            async with self.gate.database.transaction() as connection:
                page = await self.store.page(connection, customer_id, domain.value, query, opening)
                await append(connection, [replace(event, records=len(page.items))])
        except Unreadable:
            await self.gate.log(replace(event, outcome=Result.ERROR, reasons=("record_unreadable",)))
            raise
        return page
