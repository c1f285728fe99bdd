"""The index as it stands, as the core's ledger understands it."""

from app.core.index.ledger import IndexState, Merged
from app.services.ports import UnitOfWork


async def index_state(unit: UnitOfWork, root: str) -> IndexState:
    """The part of the index that is known under one ID."""
    retired = await unit.customers.retired_into(root)
    return IndexState(
        homes={record.record_id: record.home for record in await unit.index.records_of([root])},
        merged={
            c.customer_id: Merged(c.merged_into, c.merge_id)
            for c in retired
            if c.merged_into is not None and c.merge_id is not None
        },
        customers={root, *(c.customer_id for c in retired)},
    )
