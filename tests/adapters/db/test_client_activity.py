"""What a client did is the same, whether its events are posted, sealed only, or not sealed."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from app.adapters.crypto.checkpoint_signer import NoteSigner
from app.adapters.db import client_activity, event_search, posting_store
from app.adapters.db.database import Database
from app.core.audit import postings
from app.core.audit.client_activity import ClientActivity, Deed, Tally
from app.core.audit.event import Event, Kind
from app.core.audit.log import first_id_at
from app.services import index_events
from app.services.index_events import IndexEvents
from app.services.seal_log import SealLog

SMALL, SEALED, COUNT = 16, 130, 150
KINDS, OUTCOMES = (Kind.MATCH, Kind.ACCESS, Kind.TOKEN), ("permit", "deny", "refused")
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of 16 leaves, read two at a time."""
    for module in (client_activity, event_search, posting_store, postings, index_events):
        monkeypatch.setattr(module, "BLOCK", SMALL)
    monkeypatch.setattr(postings, "_BITMAP_BYTES", SMALL // 8)
    monkeypatch.setattr(client_activity, "_BLOCKS_AT_ONCE", 2)


class Clock:
    """The time of the last seal: what is not sealed came later."""

    def __init__(self, people: Any) -> None:
        self.now = lambda: people.now + timedelta(hours=SEALED)
        self.today = lambda: people.now.date()


def made(people: Any, number: int) -> Event:
    """An event an hour."""
    at = people.now.replace(microsecond=0) + timedelta(hours=number)
    event: Event = people.event(
        event_id=UUID(int=first_id_at(at).int | 7 << 76 | number),
        at=at,
        kind=KINDS[number % 3],
        outcome=OUTCOMES[number % 5 % 3],
        client_id=("a", "b", "c")[number * number % 3] if number != 70 else "d",
        customer_id=f"C{number % 11}" if number % 4 else None,
        purpose=("TREAT", "ETREAT", None)[number % 7 % 3],
        domains=("medical", "elder_care") if number % 2 else (),
        reasons=("rare",) if number == 37 else ("scope_missing", "x_y"),
    )
    return event


@pytest.fixture
async def events(database: Database, people: Any, key_ring: Any) -> list[Event]:
    """Of 150 events 96 are posted, 34 sealed only, 20 not sealed."""
    every = [made(people, number) for number in range(COUNT)]
    seal = SealLog(database.units, NoteSigner(key_ring.checkpoint), Clock(people))
    index = IndexEvents(database.units)
    for first, last, blocks in ((0, 100, 6), (100, 130, 0)):
        async with database.units() as unit:
            unit.events.append(*every[first:last])
            await unit.commit()
        assert await seal() == last - first
        assert [await index() for _ in range(blocks)] == [True] * blocks
    async with database.units() as unit:
        unit.events.append(*every[130:])
        await unit.commit()
    return every


def wanted(events: Sequence[Event], client_id: str) -> ClientActivity:
    tally = Tally(SHANGHAI)
    for e in events:
        if e.client_id == client_id:
            facts = (e.kind, e.outcome, client_id, e.customer_id, e.domains, e.purpose, e.reasons)
            tally.add_event(Deed(e.at, *facts))
    return tally.result()


@pytest.mark.parametrize("client_id", ["a", "b", "d", "nobody"])
async def test_figures_are_what_a_look_at_each_event_gives(
    database: Database, events: list[Event], people: Any, client_id: str
) -> None:
    for first, last in ((-1, COUNT), (0, 40), (3, 90), (33, 98), (90, 140), (50, 51), (COUNT, COUNT + 9)):
        since, until = (people.now + timedelta(hours=n) for n in (first, last))
        async with database.units() as unit:
            found = await unit.activity.of_client(client_id, since, until, SHANGHAI)
        assert found == wanted([e for e in events if since <= e.at < until], client_id), (first, last)
