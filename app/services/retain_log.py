"""Ends the retention of old events: their months go as a whole, their leaves stay, and the log says so."""

from dataclasses import dataclass
from datetime import datetime

from app.core.audit.event import Kind
from app.core.audit.retention import LEAST_MONTHS, horizon
from app.services.errors import InvalidRequest, Refusal
from app.services.log_ports import LogKeeper
from app.services.operator_log import OperatorLog
from app.services.register_customer import OPERATOR
from app.services.scribe import Detail
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
    log: OperatorLog

    async def __call__(self, months: int, *, dry_run: bool) -> Retention:
        """Keeps the present month and so many before it.

        The event of it is written in the transaction that drops, and sealed at once, so that a verification
        finds it. Raises `InvalidRequest` (`months`), `NotSealed`, `StorageUnavailable`, `LogDamaged`.
        """
        try:
            before = horizon(self.log.clock.now(), months)
        except ValueError:
            raise InvalidRequest("months", f"{LEAST_MONTHS} or more") from None
        survey = await self.keeper.survey(before)
        if survey.unsealed:
            raise NotSealed(f"{survey.unsealed} of these events are not sealed yet; seal them first")
        if survey.events and not dry_run:
            detail: Detail = {"before": before.isoformat(), "events": survey.events, "months": months}
            event = self.log.event(OPERATOR.client_id, Kind.RETENTION, "ok", detail=detail)
            await self.keeper.drop(before, event)
            while await self.seal() == BATCH:
                pass
        return Retention(before, survey.events)
