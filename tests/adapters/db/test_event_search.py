"""A page of the log is the same whether its events are posted, sealed, not sealed, or gone."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.adapters.crypto.checkpoint_signer import NoteSigner
from app.adapters.db import event_search, posting_store
from app.adapters.db.database import Database
from app.core.audit import postings
from app.core.audit.event import Event, EventFilter, Kind
from app.core.audit.log import first_id_at
from app.services import index_events
from app.services.index_events import IndexEvents
from app.services.seal_log import SealLog

SMALL = 16
CLIENTS, OUTCOMES, PURPOSES = ("a", "b", "c"), ("permit", "deny"), ("TREAT", "ETREAT", None)
COUNT = 120


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of 16 leaves, so that a few events make many."""
    for module in (event_search, posting_store, postings, index_events):
        monkeypatch.setattr(module, "BLOCK", SMALL)
    monkeypatch.setattr(postings, "_BITMAP_BYTES", SMALL // 8)
    monkeypatch.setattr(event_search, "_FIRST_BLOCKS", 1)
    monkeypatch.setattr(event_search, "_LEAVES_AT_ONCE", 3)


class Clock:
    """The time of the newest event."""

    def __init__(self, people: Any) -> None:
        self.now = lambda: people.now + timedelta(seconds=COUNT)
        self.today = lambda: people.now.date()


def made(people: Any, number: int) -> Event:
    at = people.now + timedelta(seconds=number)
    event: Event = people.event(
        event_id=UUID(int=first_id_at(at).int | 7 << 76 | number),
        at=at,
        kind=Kind.ACCESS if number % 2 else Kind.MATCH,
        outcome=OUTCOMES[number % 5 == 0],
        client_id=CLIENTS[number * number % 3],
        customer_id=f"C{number % 4}",
        purpose=PURPOSES[number % 3],
        domains=("medical", "elder_care") if number % 7 == 0 else (),
        reasons=("rare",) if number == 37 else ("scope_missing", "x_y"),
    )
    return event


@pytest.fixture
async def events(database: Database, people: Any, key_ring: Any) -> list[Event]:
    """Newest first. Of 120 events 96 are posted, 4 sealed only, 20 not sealed."""
    every = [made(people, number) for number in range(COUNT)]
    seal = SealLog(database.units, NoteSigner(key_ring.checkpoint), Clock(people))
    async with database.units() as unit:
        unit.events.append(*every[:100])
        await unit.commit()
    assert await seal() == 100
    index = IndexEvents(database.units)
    assert [await index() for _ in range(7)] == [True] * 6 + [False]
    async with database.units() as unit:
        unit.events.append(*every[100:])
        await unit.commit()
    return every[::-1]


async def pages(database: Database, which: EventFilter, size: int) -> list[Event]:
    """Everything, page by page."""
    found: list[Event] = []
    while True:
        async with database.units() as unit:
            before = found[-1].event_id if found else None
            page = await unit.events.list(which, before, size)
        found += page
        if len(page) < size:
            return found


def wanted(events: list[Event], which: EventFilter) -> list[Event]:
    def fits(event: Event) -> bool:
        same = ("customer_id", "client_id", "kind", "outcome", "purpose")
        return (
            all(getattr(which, name) in (None, getattr(event, name)) for name in same)
            and (which.domain is None or which.domain in event.domains)
            and (which.reason is None or which.reason in event.reasons)
            and (which.since is None or event.at >= which.since)
            and (which.until is None or event.at < which.until)
        )

    return [event for event in events if fits(event)]


FILTERS = [
    EventFilter(),
    EventFilter(kind="match"),
    EventFilter(client_id="b", outcome="deny"),
    EventFilter(client_id="c"),
    EventFilter(purpose="ETREAT", kind="access"),
    EventFilter(domain="medical"),
    EventFilter(domain="elder_care", client_id="a"),
    EventFilter(reason="rare"),
    EventFilter(reason="x_y", kind="match"),
    EventFilter(reason="xzy"),
    EventFilter(reason="x"),
    EventFilter(customer_id="C1", client_id="b"),
    EventFilter(kind="match", domain="medical", reason="rare"),
]


@pytest.mark.parametrize("which", FILTERS, ids=str)
async def test_pages_are_what_a_scan_finds(
    database: Database, events: list[Event], people: Any, which: EventFilter
) -> None:
    for size in (1, 7, 200):
        assert await pages(database, which, size) == wanted(events, which)
    for first, last in ((0, 40), (33, 98), (90, 130), (50, 50), (117, 500)):
        since, until = (people.now + timedelta(seconds=n) for n in (first, last))
        bounded = replace(which, since=since, until=until)
        assert await pages(database, bounded, 5) == wanted(events, bounded)


async def test_a_page_goes_on_where_its_last_event_was_sealed_meanwhile(
    database: Database, events: list[Event], people: Any, key_ring: Any
) -> None:
    which = EventFilter(client_id="b")
    async with database.units() as unit:
        first = await unit.events.list(which, None, 3)
    await SealLog(database.units, NoteSigner(key_ring.checkpoint), Clock(people))()
    await IndexEvents(database.units)()
    async with database.units() as unit:
        rest = await unit.events.list(which, first[-1].event_id, 200)
    assert first + rest == wanted(events, which)


async def test_two_who_index_make_each_block_once(
    database: Database, events: list[Event], people: Any, key_ring: Any
) -> None:
    assert events
    await SealLog(database.units, NoteSigner(key_ring.checkpoint), Clock(people))()
    assert await IndexEvents(database.units)()
    assert not await IndexEvents(database.units)(), "120 events fill seven blocks of 16"
    async with database.units() as unit:
        assert await unit.postings.next_block() == 7
