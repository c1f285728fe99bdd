"""What the stores' tests write."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from app.adapters.db.database import Database
from app.adapters.ids import RandomIds
from app.core.audit.event import Event, Kind
from app.core.identity.elements import GivenElements
from app.core.index.customer import LocalId, SourceRecord
from app.core.matching.blocking_key import BlockingKey

GIVEN = GivenElements("王丽华", "female", "1980-02-29", "01", "11010119800229002X")


@dataclass
class People:
    """Makes people, and registers them."""

    database: Database
    ids: RandomIds = field(default_factory=RandomIds)
    now: datetime = datetime(2026, 11, 21, 8, 30, 15, 123456, tzinfo=UTC)
    given: GivenElements = GIVEN

    def keys(self, *values: str) -> list[BlockingKey]:
        return [BlockingKey("name_date", value) for value in values]

    def record(self, local_id: str, customer_id: str | None = None, **changes: Any) -> SourceRecord:
        values: dict[str, Any] = {
            "record_id": self.ids.uuid(),
            "local": LocalId("hospital", local_id),
            "customer_id": customer_id or self.ids.customer_id(),
            "given": self.given,
            "deceased": False,
            "version": 1,
            "updated_at": self.now,
        }
        return SourceRecord(**{**values, **changes})

    async def register(self, record: SourceRecord, *values: str, new: bool = True) -> SourceRecord:
        """Writes a record with blocking keys of these values, and its customer where that is new."""
        async with self.database.units() as unit:
            unit.index.add_customers([record.customer_id] if new else [], self.now)
            unit.index.put_records([(record, self.keys(*values))])
            await unit.commit()
        return record

    async def found(self, *values: str) -> set[str]:
        """The local IDs of the records that a look-up by these keys finds."""
        async with self.database.units() as unit:
            return {r.local.local_id for r in (await unit.index.find(self.keys(*values))).records}

    def event(self, **changes: Any) -> Event:
        values = {"event_id": self.ids.uuid(), "at": self.now, "kind": Kind.MATCH, "outcome": "match"}
        return Event(**{**values, **changes})


@pytest.fixture
def people(database: Database) -> People:
    """People on the test's database."""
    return People(database)


@pytest.fixture
def people_on() -> Callable[[Database], People]:
    """People on a database that the test opened itself."""
    return People
