import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from app.core.audit.event import Event, Kind
from app.services import failure_tally
from app.services.context import Origin
from app.services.failure_tally import FailureTally
from app.services.ports import Clock, Ids, StorageUnavailable, UnitOfWork, Units

Events = Callable[[], Awaitable[list[Event]]]
PassTime = Callable[[float], None]


async def _written(events: Events, number: int) -> list[Event]:
    """The log, once it holds that many: writing happens beside what is counted."""
    for _ in range(500):
        if len(found := await events()) >= number:
            return found
        await asyncio.sleep(0.01)
    raise AssertionError("the log does not hold that many")


async def test_the_first_is_written_at_once_and_repeats_when_the_minute_turns(
    tally: FailureTally, events: Events, origin: Origin, pass_time: PassTime
) -> None:
    for _ in range(5):
        tally.count("bad_secret", origin, "partner")
    first = (await _written(events, 1))[0]
    assert (first.kind, first.outcome, first.reasons) == (Kind.AUTHENTICATION, "refused", ("bad_secret",))
    assert (first.client_id, first.source, first.count) == ("partner", origin.address, 1)
    assert first.request_id == origin.request_id
    pass_time(60)
    tally.count("bad_secret", origin, "partner")
    written = await _written(events, 2)
    assert sum(event.count for event in written) in (5, 6)
    await tally.flush()
    assert sum(event.count for event in await events()) == 6


async def test_addresses_reasons_and_clients_are_told_apart(
    tally: FailureTally, events: Events, origin: Origin
) -> None:
    tally.count("bad_secret", origin, "partner")
    tally.count("bad_secret", origin, "other")
    tally.count("bad_secret", Origin("192.0.2.8"), "partner")
    tally.count("expired", origin, "partner")
    tally.count("expired", origin)
    assert len(await _written(events, 5)) == 5


async def test_flush_writes_the_repeats(tally: FailureTally, events: Events, origin: Origin) -> None:
    tally.count("bad_signature", origin)
    await _written(events, 1)
    for _ in range(999):
        tally.count("bad_signature", origin)
    await tally.flush()
    assert [event.count for event in await events()] == [1, 999]
    await tally.flush()
    assert len(await events()) == 2


async def test_a_flood_from_everywhere_is_bounded_and_still_counted(
    tally: FailureTally, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failure_tally, "MOST_KINDS", 10)
    for number in range(500):
        tally.count("unknown_client", Origin(f"2001:db8::{number:x}"))
    await tally.flush()
    written = await events()
    assert len(written) <= 13
    assert sum(event.count for event in written) == 500
    assert max(event.count for event in written if event.source is None) > 400


async def test_what_cannot_be_written_waits(
    units: Units, clock: Clock, ids: Ids, events: Events, origin: Origin, pass_time: PassTime
) -> None:
    broken = True

    @asynccontextmanager
    async def sometimes() -> AsyncIterator[UnitOfWork]:
        if broken:
            raise StorageUnavailable("away")
        async with units() as unit:
            yield unit

    tally = FailureTally(sometimes, clock, ids)
    for _ in range(3):
        for _ in range(4):
            tally.count("no_token", origin)
        await asyncio.sleep(0)
        pass_time(60)
    with pytest.raises(StorageUnavailable):
        await tally.flush()
    broken = False
    await tally.flush()
    assert [event.count for event in await events()] == [12]


async def test_a_minute_ends_by_itself(
    units: Units, clock: Clock, ids: Ids, events: Events, origin: Origin, pass_time: PassTime
) -> None:
    pass_time(59.7)
    tally = FailureTally(units, clock, ids)
    tally.count("no_token", origin)
    tally.count("no_token", origin)
    assert len(await _written(events, 1)) == 1
    pass_time(1)
    assert [event.count for event in await _written(events, 2)] == [1, 1]
    await tally.flush()
