import asyncio
from collections.abc import Awaitable, Callable

from app.core.audit.event import Event, Kind
from app.services.operator_log import OperatorLog
from app.services.ports import Clock, Ids, Units
from app.services.record_policy import RecordPolicy

Events = Callable[[], Awaitable[list[Event]]]


async def test_a_set_is_recorded_when_it_is_another(
    units: Units, clock: Clock, ids: Ids, events: Events
) -> None:
    for version in ("default-1", "default-1", "strict-1", "default-1"):
        record = RecordPolicy(units, OperatorLog(units, clock, ids), version, "text")
        await record()
        assert record.recorded
    told = [(event.kind, event.outcome, event.policy, event.detail["before"]) for event in await events()]
    assert told == [
        (Kind.POLICY, "in_force", "default-1", None),
        (Kind.POLICY, "in_force", "strict-1", "default-1"),
        (Kind.POLICY, "in_force", "default-1", "strict-1"),
    ]


async def test_of_workers_that_start_together_one_writes(
    units: Units, clock: Clock, ids: Ids, events: Events
) -> None:
    workers = [RecordPolicy(units, OperatorLog(units, clock, ids), "default-1", "text") for _ in range(4)]
    await asyncio.gather(*(worker.once() for worker in workers))
    for worker in workers:  # one that met a conflict comes again
        await worker()
    assert len(await events()) == 1


async def test_a_worker_starts_without_the_database(broken_units: Units, clock: Clock, ids: Ids) -> None:
    record = RecordPolicy(broken_units, OperatorLog(broken_units, clock, ids), "default-1", "text")
    await record.once()
    assert not record.recorded


async def test_a_set_is_kept_also_where_it_was_in_force_before_sets_were_kept(
    units: Units, clock: Clock, ids: Ids, events: Events
) -> None:
    earlier = Event(event_id=ids.uuid(), at=clock.now(), kind=Kind.POLICY, outcome="in_force", policy="own-1")
    async with units() as unit:
        unit.events.append(earlier)
        await unit.commit()
    for _ in range(2):
        await RecordPolicy(units, OperatorLog(units, clock, ids), "own-1", "its text")()
    async with units() as unit:
        assert await unit.policies.text("own-1") == "its text"
        assert await unit.policies.text("own-2") is None
    assert len(await events()) == 1
