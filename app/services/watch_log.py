"""Looks through the access log for what somebody should look at, and tells who wants to be told."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from app.core.audit.alert import Watch
from app.services.ports import Clock, Units
from app.services.raise_alert import RaiseAlert
from app.services.watch_ports import AlertNotSent, AlertReceiver, Tallies

_logger = logging.getLogger(__name__)

OVERLAP = timedelta(minutes=2)
"""How far behind the last look an event is still new: an ID says when it was made, not when committed."""
SENT_FOR = timedelta(days=1)
"""How long an alert is offered to a webhook that does not take it."""
_AT_ONCE = 50


class WatchLog:
    """Every `seconds` one worker counts what the rules ask, of those who did something since the last look.

    A rule that was met is not met again by the same subject before its window is over. Whatever fails is
    tried again at the next turn, and logged when it begins to fail and when it works again.
    """

    def __init__(
        self,
        units: Units,
        clock: Clock,
        alarm: RaiseAlert,
        tallies: Tallies,
        watches: Sequence[Watch],
        zone: tzinfo,
        receiver: AlertReceiver | None,
        seconds: float,
    ) -> None:
        self._units = units
        self._clock = clock
        self._alarm = alarm
        self._tallies = tallies
        self._watches = watches
        self._zone = zone
        self._receiver = receiver
        self._seconds = seconds
        self._looked: datetime | None = None
        self._failing: dict[str, int] = {}

    async def run(self) -> None:
        """Runs until it is cancelled."""
        while True:
            await asyncio.sleep(self._seconds)
            await self.turn()

    async def turn(self) -> None:
        """One look, and what the webhook has not had. Raises nothing."""
        for what, work in (("watching the access log", self._look), ("sending alerts", self._send)):
            try:
                await work()
            except Exception as error:  # a background task that ends would end the watching unseen
                why = str(error) if isinstance(error, AlertNotSent) else type(error).__name__
                self._failed(what, why)
            else:
                self._works(what)

    async def _look(self) -> None:
        if self._tallies.count("watched", int(self._seconds * 0.8)) > 1:
            return  # another worker of this machine has just looked
        now = self._clock.now()
        # After a start it is not known who looked last: everything in the windows is looked at once.
        fresh = self._looked - OVERLAP if self._looked is not None else now - _longest(self._watches)
        async with self._units() as unit:
            if not await unit.alerts.claim():
                return
            found = [
                (watch, sighting)
                for watch in self._watches
                if watch.applies_at(now.astimezone(self._zone))
                for sighting in await unit.alerts.sightings(
                    watch, watch.since(now.astimezone(self._zone)), fresh
                )
            ]
            await unit.alerts.take_turn()
            for watch, sighting in found:
                last = await unit.alerts.last(watch.code, sighting)
                if last is None or last <= now - watch.window:
                    seconds = int(watch.window.total_seconds())
                    self._alarm(unit, watch.code, watch.severity, sighting, seconds)
            await unit.commit()
        self._looked = now

    async def _send(self) -> None:
        if self._receiver is None:
            return
        now = self._clock.now()
        async with self._units() as unit:
            waiting = await unit.alerts.unsent(now - SENT_FOR, _AT_ONCE)
        for alert in waiting:
            await self._receiver.send(alert)
            async with self._units() as unit:
                unit.alerts.sent(alert.alert_id, self._clock.now())
                await unit.commit()

    def _failed(self, what: str, why: str) -> None:
        self._failing[what] = times = self._failing.get(what, 0) + 1
        if times == 1:
            _logger.warning("%s fails, and is tried again: %s", what, why)

    def _works(self, what: str) -> None:
        if self._failing.pop(what, 0):
            _logger.warning("%s works again", what)


def _longest(watches: Sequence[Watch]) -> timedelta:
    return max((watch.window for watch in watches), default=timedelta())
