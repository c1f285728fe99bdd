"""Ends the tokens that are bound to customers, since what they rest on has changed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.services.ports import UnitOfWork


async def end_tokens(unit: UnitOfWork, customer_ids: Sequence[str], now: datetime) -> None:
    """Every token that was issued until now. Tokens count whole seconds: those issued in the second of an
    earlier watermark count from the next one, and end with this one, too."""
    known = await unit.customers.get(customer_ids)
    for customer_id in customer_ids:
        before = known[customer_id].tokens_not_before if customer_id in known else None
        at = now
        if before is not None:
            at = max(at, before.replace(microsecond=0) + timedelta(seconds=1))
        unit.customers.end_tokens([customer_id], at)
