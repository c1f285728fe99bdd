"""Ends the retention of old events: their months go as a whole, their leaves stay, and the log says so."""

from dataclasses import dataclass
from datetime import datetime

from app.core.audit.event import Event, Kind
from app.core.audit.retention import LEAST_MONTHS, horizon
from app.services.errors import InvalidRequest, Refusal
from app.services.log_ports import LogKeeper
from app.services.ports import Clock, Ids
from app.services.register_customer import OPERATOR
from app.services.seal_log import BATCH, SealLog


@dataclass(frozen=True, slots=True)
class Retention:
    """`events` before this time: dropped, or with a dry run to be dropped."""

    before: datetime
    events: int


class NotSealed(Refusal):
    """Events that are to go have no leaf yet: nothing would prove that they were there."""


@dataclass(frozen=True, slots=True)
class RetainLog:
    """The owner's work: the service's role may not."""

    keeper: LogKeeper
    seal: SealLog
    clock: Clock
    ids: Ids

    async def __call__(self, months: int, *, dry_run: bool) -> Retention:
        """Keeps the present month and so many before it.

        The event of it is written in the transaction that drops, and sealed at once, so that a verification
        finds it. Raises `InvalidRequest` (`months`), `NotSealed`, `StorageUnavailable`, `LogDamaged`.
        """
        try:
            before = horizon(self.clock.now(), months)
        except ValueError:
            raise InvalidRequest("months", f"{LEAST_MONTHS} or more") from None
        survey = await self.keeper.survey(before)
        if survey.unsealed:
            raise NotSealed(f"{survey.unsealed} of these events are not sealed yet; seal them first")
        if survey.events and not dry_run:
            await self.keeper.drop(before, self._event(before, survey.events, months))
            while await self.seal() == BATCH:
                pass
        return Retention(before, survey.events)

    def _event(self, before: datetime, events: int, months: int) -> Event:
        return Event(
            event_id=self.ids.uuid(),
            at=self.clock.now(),
            kind=Kind.RETENTION,
            outcome="ok",
            client_id=OPERATOR.client_id,
            detail={"before": before.isoformat(), "events": events, "months": months},
        )
