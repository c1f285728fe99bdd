"""Counts failures of callers whom nobody knows, so that an attack can neither hide nor fill the log."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.core.audit.event import Event, Kind
from app.services.context import Origin
from app.services.ports import Clock, Ids, StorageUnavailable, Units

MOST_KINDS = 1024
"""How many different failures are told apart in one minute; what is beyond is counted by reason alone."""


@dataclass(frozen=True, slots=True)
class _Failure:
    kind: Kind
    reason: str
    client_id: str | None
    source: str | None


class FailureTally:
    """Unauthenticated failures: bad secrets, and tokens that are bad, expired, foreign or unsigned; and
    requests beyond what a client or an address may ask.

    The first in a minute of each (address, reason, known client) is written at once, its repeats as one event
    with their count when the minute is over or at `flush`. Writing happens beside the answer and never delays
    it; what cannot be written is kept, summed, and tried again. Bound to the running event loop.
    """

    def __init__(self, units: Units, clock: Clock, ids: Ids) -> None:
        self._units = units
        self._clock = clock
        self._ids = ids
        self._repeats: dict[_Failure, int] = {}
        self._unwritten: dict[_Failure, Event] = {}
        self._minute: datetime | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._writer: asyncio.Task[None] | None = None

    def count(
        self,
        reason: str,
        origin: Origin,
        client_id: str | None = None,
        kind: Kind = Kind.AUTHENTICATION,
    ) -> None:
        """Notes one failure. `client_id` only where there is such a client."""
        now = self._clock.now()
        if self._minute != now.replace(second=0, microsecond=0):
            self._turn(now)
        failure = _bounded(_Failure(kind, reason, client_id, origin.address), self._repeats)
        if failure in self._repeats:
            self._repeats[failure] += 1
            return
        self._repeats[failure] = 0
        self._queue(failure, self._event(failure, now, 1, origin))
        self._write_soon()

    async def flush(self) -> None:
        """Writes everything that is counted, for shutdown. Raises `StorageUnavailable` where that fails."""
        self._turn(self._clock.now())
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._writer is not None:
            await asyncio.wait([self._writer])
        await self._write()

    def _turn(self, now: datetime) -> None:
        """Begins a new minute: the repeats of the last become events."""
        for failure, repeats in self._repeats.items():
            if repeats:
                self._queue(failure, self._event(failure, now, repeats, Origin(address=failure.source)))
        self._repeats.clear()
        self._minute = now.replace(second=0, microsecond=0)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(60 - now.second, self._minute_over)

    def _minute_over(self) -> None:
        self._timer = None
        now = self._clock.now()
        idle = not self._repeats
        self._turn(now)
        if self._unwritten:
            self._write_soon()
        elif idle and self._timer is not None:
            # Nothing failed for a minute: sleep until something does.
            self._timer.cancel()
            self._timer, self._minute = None, None

    def _queue(self, failure: _Failure, event: Event) -> None:
        failure = _bounded(failure, self._unwritten)
        waiting = self._unwritten.get(failure)
        total = event.count + (waiting.count if waiting else 0)
        self._unwritten[failure] = replace(
            event, client_id=failure.client_id, source=failure.source, count=total
        )

    def _write_soon(self) -> None:
        if self._writer is None or self._writer.done():
            self._writer = asyncio.get_running_loop().create_task(self._write_quietly())

    async def _write_quietly(self) -> None:
        """Failures are counted also while the database is away; they wait in `_unwritten`."""
        try:
            await self._write()
        except StorageUnavailable:
            return

    async def _write(self) -> None:
        while self._unwritten:
            batch, self._unwritten = self._unwritten, {}
            try:
                async with self._units() as unit:
                    unit.events.append(*batch.values())
                    await unit.commit()
            except StorageUnavailable:
                for failure, event in batch.items():
                    self._queue(failure, event)
                raise

    def _event(self, failure: _Failure, now: datetime, count: int, origin: Origin) -> Event:
        return Event(
            event_id=self._ids.uuid(),
            at=now,
            kind=failure.kind,
            outcome="refused",
            reasons=(failure.reason,),
            request_id=origin.request_id,
            trace_id=origin.trace_id,
            count=count,
            client_id=failure.client_id,
            source=failure.source,
        )


def _bounded(failure: _Failure, among: Mapping[_Failure, object]) -> _Failure:
    if failure in among or len(among) < MOST_KINDS:
        return failure
    return _Failure(failure.kind, failure.reason, None, None)
