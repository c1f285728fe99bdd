"""The sealer in the background: it goes on, whatever happens, and says so once."""

import asyncio
import logging

import pytest

from app.adapters.crypto.checkpoint_signer import NoteSigner
from app.adapters.crypto.keys import KeyRing
from app.core.audit.checkpoint import read_checkpoint
from app.core.audit.event import Event, Kind
from app.services.index_events import IndexEvents
from app.services.log_ports import CheckpointNotPublished
from app.services.ports import Clock, Ids, Units
from app.services.seal_log import SealLog
from app.services.sealer import Sealer


class Place:
    """Keeps what is published; refuses while told to."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.refuses = False
        self.shown = asyncio.Event()

    async def publish(self, note: str) -> None:
        if self.refuses:
            raise CheckpointNotPublished("out of order")
        self.notes.append(note)
        self.shown.set()

    @property
    def sizes(self) -> list[int]:
        return [read_checkpoint(note).size for note in self.notes]


@pytest.fixture(autouse=True)
def logged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Logging that another test has set up may have switched this logger off."""
    monkeypatch.setattr(logging.getLogger("app.services.sealer"), "disabled", False)


@pytest.fixture
def seal(units: Units, key_ring: KeyRing, clock: Clock) -> SealLog:
    return SealLog(units, NoteSigner(key_ring.checkpoint), clock)


async def write(units: Units, ids: Ids, clock: Clock, count: int) -> None:
    events = [
        Event(event_id=ids.uuid(), at=clock.now(), kind=Kind.MATCH, outcome="match") for _ in range(count)
    ]
    async with units() as unit:
        unit.events.append(*events)
        await unit.commit()


async def test_it_seals_and_publishes_until_it_is_told_to_end(
    units: Units, seal: SealLog, ids: Ids, clock: Clock
) -> None:
    place = Place()
    sealer = Sealer(seal, IndexEvents(units), [place], 0.02)
    running = asyncio.create_task(sealer.run())
    await write(units, ids, clock, 3)
    async with asyncio.timeout(10):
        await place.shown.wait()
    running.cancel()
    await asyncio.wait([running])
    await write(units, ids, clock, 2)
    await sealer.finish()
    assert place.sizes[-1] == 5


async def test_what_is_urgent_does_not_wait_for_its_time(
    units: Units, seal: SealLog, ids: Ids, clock: Clock
) -> None:
    place = Place()
    sealer = Sealer(seal, IndexEvents(units), [place], 10)
    await write(units, ids, clock, 999)
    await sealer.turn(timely=False)
    assert place.sizes == []
    await write(units, ids, clock, 1502)
    await sealer.turn(timely=False)
    assert place.sizes == [2501]
    await sealer.turn(timely=True)
    assert place.sizes == [2501], "what was shown once is not shown again"


async def test_a_place_that_refuses_is_tried_again_and_holds_up_no_other(
    units: Units, seal: SealLog, ids: Ids, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    broken, good = Place(), Place()
    broken.refuses = True
    sealer = Sealer(seal, IndexEvents(units), [broken, good], 10)
    for _ in range(4):
        await write(units, ids, clock, 1)
        await sealer.turn(timely=True)
    assert (broken.sizes, good.sizes) == ([], [1, 2, 3, 4])
    broken.refuses = False
    await sealer.turn(timely=True)
    assert broken.sizes == [4]
    assert [record.getMessage() for record in caplog.records] == [
        "publishing the checkpoint at place 1 fails, and is tried again: out of order",
        "publishing the checkpoint at place 1 works again",
    ]


async def test_it_outlives_a_database_that_is_away(
    broken_units: Units, key_ring: KeyRing, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    sealer = Sealer(
        SealLog(broken_units, NoteSigner(key_ring.checkpoint), clock), IndexEvents(broken_units), [], 0.001
    )
    running = asyncio.create_task(sealer.run())
    await asyncio.sleep(0.1)
    assert not running.done()
    running.cancel()
    await asyncio.wait([running])
    assert [record.getMessage() for record in caplog.records] == [
        "sealing the access log fails, and is tried again: StorageUnavailable"
    ]
