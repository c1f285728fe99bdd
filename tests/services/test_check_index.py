"""The ledger is folded again and compared, after all that can happen to an index."""

from typing import Any

import pytest

from app.adapters.db.database import Database
from app.core.index.customer import Customer
from app.services.check_index import CheckIndex
from app.services.ports import Clock, Ids


@pytest.fixture
def check(database: Database, clock: Clock, ids: Ids) -> CheckIndex:
    return CheckIndex(database.units, clock, ids)


async def test_an_empty_index_is_sound(check: CheckIndex) -> None:
    found = await check("operator:cli")
    assert (found.records, found.customers, found.differences) == (0, 0, ())


async def test_a_customer_who_leads_elsewhere_than_decided_is_found(
    check: CheckIndex, database: Database, clock: Clock, ids: Ids, events: Any
) -> None:
    one, two = ids.customer_id(), ids.customer_id()
    async with database.units() as unit:
        unit.index.add_customers([one, two], clock.now())
        await unit.commit()
    async with database.units() as unit:
        unit.customers.put([Customer(two, one, ids.uuid(), one)])
        await unit.commit()
    assert (await check("operator:cli")).differences == (f"customer {two}: retired by no decision",)
    assert (await events())[-1].outcome == "different"
