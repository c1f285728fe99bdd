"""What happened, counted, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.adapters.db.database import Database
from app.core.access.client import Client, ClientCredential
from app.core.audit.activity import Count
from app.core.audit.event import Event, Kind
from app.core.audit.log import FIRST_ID, LAST_ID, first_id_at

AT = datetime(2026, 11, 21, 23, 59, 30, 5, tzinfo=UTC)


def event(number: int, at: datetime = AT, **facts: object) -> Event:
    """An event whose ID was made when it happened."""
    plain = Event(event_id=UUID(int=first_id_at(at).int + number), at=at, kind=Kind.MATCH, outcome="match")
    return replace(plain, **facts)  # type: ignore[arg-type]


async def append(database: Database, *events: Event) -> None:
    async with database.units() as unit:
        unit.events.append(*events)
        await unit.commit()


async def test_events_are_counted_by_minute_and_by_hour(database: Database) -> None:
    later = AT + timedelta(minutes=1)
    await append(
        database,
        event(1, AT - timedelta(hours=2)),
        event(2),
        event(3, count=4),
        event(4, outcome="review"),
        event(5, later),
        event(6, kind=Kind.ACCESS, outcome="permit"),
        event(7, kind=Kind.TOKEN, outcome="refused"),
        event(8, kind=Kind.TOKEN, outcome="issued"),
    )
    async with database.units() as unit:
        since = AT - timedelta(minutes=5)
        minutes = await unit.activity.counts(since, None, by_minute=True)
        hours = await unit.activity.counts(since, None, by_minute=False)
        before = await unit.activity.counts(since, later, by_minute=True)
        assert await unit.activity.counts(later + timedelta(minutes=1), None, by_minute=True) == []
    minute, hour = AT.replace(second=0, microsecond=0), AT.replace(minute=0, second=0, microsecond=0)
    midnight = later.replace(second=0, microsecond=0)
    both = {("match", 5), ("review", 1), ("permit", 1), ("refused", 1)}
    assert {(c.outcome, c.count) for c in minutes if c.at == minute} == both
    assert {(c.outcome, c.count) for c in hours if c.at == hour} == both
    assert Count(midnight, "match", "match", 1) in minutes
    assert len(minutes) == len(hours) == 5
    assert set(before) == {count for count in minutes if count.at == minute}


async def test_the_events_of_a_request_are_found_between_two_ids(database: Database) -> None:
    mine = [event(1, request_id="r"), event(3, request_id="r")]
    await append(database, *mine, event(2, request_id="s"), event(9, AT + timedelta(days=1), request_id="r"))
    async with database.units() as unit:
        near = await unit.activity.of_request("r", FIRST_ID, first_id_at(AT + timedelta(hours=1)), 10)
        assert near == [e.event_id for e in mine]
        assert len(await unit.activity.of_request("r", FIRST_ID, LAST_ID, 2)) == 2


async def test_when_clients_left_their_last_event(database: Database) -> None:
    async with database.units() as unit:
        for name in ("a", "b", "c"):
            client = Client(name, frozenset(), None, None, None, True, AT)
            unit.clients.add(ClientCredential(client, b"digest", "pepper"))
        await unit.commit()
    later = AT + timedelta(minutes=1)
    await append(database, event(1, client_id="a"), event(2, later, client_id="a"), event(3, client_id="b"))
    async with database.units() as unit:
        assert await unit.activity.last_used(["a", "c"]) == {"a": later}


async def test_without_reviews_there_is_nothing_to_count(database: Database) -> None:
    async with database.units() as unit:
        assert await unit.activity.review_counts(AT) == ([], [])
        assert await unit.activity.open_reviews() == 0
        assert await unit.activity.recent_reviews(10) == []
