"""The follower takes each change once, and a split brings back what first came under the revived ID."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from app.health_data_center.cdc_client import CdcUnavailable
from app.health_data_center.cipher import BodyCipher
from app.health_data_center.database import Database
from app.health_data_center.keys import load_keys
from app.health_data_center.record_store import Opening, Outcome, RecordQuery, RecordStore
from app.health_data_center.records.record import RECORD
from app.health_data_center.retention import kept_until
from app.health_data_center.services.follow_changes import FollowChanges
from app.health_data_center.settings import Settings

NOW = datetime(2026, 11, 21, tzinfo=UTC)
A, B, C = "C" + "A" * 17, "C" + "B" * 17, "C" + "D" * 17


@dataclass
class Feed:
    """A CDC that only tells of changes."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    down: bool = False

    def tell(self, kind: str, customer_id: str, other_id: str, *homes: str) -> None:
        line = {"kind": kind, "customer_id": customer_id, "other_id": other_id, "homes": list(homes)}
        self.lines.append(line)

    async def changes(self, after: int, _: int) -> tuple[list[dict[str, Any]], int]:
        if self.down:
            raise CdcUnavailable("timeout")
        self.asked.append(after)
        return self.lines[after:], len(self.lines)


@dataclass
class Center:
    feed: Feed
    database: Database
    store: RecordStore
    follow: FollowChanges

    async def write(self, customer_id: str, source_id: str) -> Outcome:
        record = RECORD.validate_python(
            {
                "customer_id": customer_id,
                "domain": "medical",
                "kind": "encounter",
                "source_system": "medical",
                "source_id": source_id,
                "occurred_at": "2026-03-01T09:30:00Z",
                "encounter_class": "AMB",
                "facility": "First Hospital",
                "department": "Internal medicine",
            }
        )
        async with self.database.transaction() as connection:
            (written,) = await self.store.put(connection, [record], "hospital", NOW)
        return written.outcome

    async def records(self, customer_id: str) -> set[str]:
        async with self.database.transaction() as connection:
            page = await self.store.page(connection, customer_id, "medical", RecordQuery(), Opening("reader"))
        return {item.source_id for item in page.items}


@pytest.fixture
async def center(settings: Settings) -> AsyncIterator[Center]:
    database, feed = Database(settings.storage.database_url), Feed()
    store = RecordStore(BodyCipher(load_keys(settings.storage)))
    yield Center(feed, database, store, FollowChanges(feed, database, store))  # type: ignore[arg-type]
    await database.close()


async def test_records_follow_a_merge_and_come_back(center: Center) -> None:
    await center.write(A, "V1")
    await center.write(B, "V2")
    center.feed.tell("merged", A, B)
    assert await center.follow.once() == 1
    assert await center.records(A) == {"V1", "V2"}
    assert await center.records(B) == set()
    center.feed.tell("split", A, B, B)
    await center.follow.once()
    assert await center.records(A) == {"V1"}
    assert await center.records(B) == {"V2"}


async def test_a_chain_comes_back_in_parts(center: Center) -> None:
    for customer, visit in ((A, "V1"), (B, "V2"), (C, "V3")):
        await center.write(customer, visit)
    center.feed.tell("merged", B, A)
    center.feed.tell("merged", C, B)
    await center.follow.once()
    assert await center.records(C) == {"V1", "V2", "V3"}
    center.feed.tell("split", C, B, A, B)
    await center.follow.once()
    assert await center.records(B) == {"V1", "V2"}
    center.feed.tell("split", B, A, A)
    await center.follow.once()
    assert (await center.records(A), await center.records(B)) == ({"V1"}, {"V2"})


async def test_what_comes_under_a_retired_id_is_kept_under_the_survivor(center: Center) -> None:
    center.feed.tell("merged", A, B)
    await center.follow.once()
    assert await center.write(B, "V2") is Outcome.CREATED
    assert await center.write(B, "V2") is Outcome.UNCHANGED
    assert await center.records(A) == {"V2"}
    center.feed.tell("split", A, B, B)
    await center.follow.once()
    assert await center.records(B) == {"V2"}
    assert await center.write(B, "V2") is Outcome.UNCHANGED


async def test_it_goes_on_where_it_was_and_takes_nothing_twice(center: Center) -> None:
    center.feed.tell("merged", A, B)
    await center.follow.once()
    center.feed.down = True
    with pytest.raises(CdcUnavailable):
        await center.follow.once()
    center.feed.down = False
    assert await center.follow.once() == 0
    assert center.feed.asked == [0, 1]


async def test_nothing_of_an_erased_customer_is_read_and_the_law_says_what_is_kept(center: Center) -> None:
    await center.write(A, "V1")
    await center.write(B, "V2")
    await center.write(C, "V3")
    center.feed.tell("merged", A, B)
    center.feed.tell("erased", A, "", A, B)
    await center.follow.once()
    assert (await center.records(A), await center.records(B)) == (set(), set())
    assert await center.records(C) == {"V3"}
    assert await center.write(A, "V4") is Outcome.CREATED  # what comes late is kept, and read by nobody
    assert await center.records(A) == set()
    for year, deleted in ((2056, 0), (2057, 3)):
        async with center.database.transaction() as connection:
            assert await center.store.purge(connection, datetime(year, 2, 1, tzinfo=UTC)) == deleted
    assert await center.records(C) == {"V3"}


@pytest.mark.parametrize(("domain", "year"), [("medical", 2056), ("elder_care", 2031), ("funeral", 2026)])
def test_each_domain_keeps_its_records_as_long_as_its_rule_says(domain: str, year: int) -> None:
    assert kept_until(domain, datetime(2026, 7, 1, tzinfo=UTC)).year == year
