"""Who looked at a customer, when and why: what a person may ask to be told of themselves."""

from dataclasses import dataclass, replace
from datetime import datetime

from app.core.access.scope import Purpose
from app.core.audit.event import Event, EventFilter, Kind
from app.core.index.customer_id import is_well_formed
from app.services.context import Caller
from app.services.errors import NotFound
from app.services.operator_log import OperatorLog
from app.services.ports import Units
from app.services.scribe import Scribe

MOST = 2000
"""Events of one report; who needs more asks for a shorter period."""


@dataclass(frozen=True, slots=True)
class AccessReport:
    """Events of a customer and of everybody merged into them (`homes`), newest first; not `complete`: only
    the newest. `since` inclusive and `until` exclusive, None: from the log's beginning, to now."""

    customer_id: str
    homes: tuple[str, ...]
    erased_at: datetime | None
    since: datetime | None
    until: datetime | None
    made_at: datetime
    events: tuple[Event, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class ReportAccess:
    """The report is an event of its own, on the customer's behalf (PATRQT)."""

    units: Units
    scribe: Scribe
    log: OperatorLog

    async def for_caller(
        self, customer_id: str, since: datetime | None, until: datetime | None, caller: Caller
    ) -> AccessReport:
        """Raises `NotFound`, `StorageUnavailable`."""
        return await self._report(customer_id, since, until, self.scribe(caller, Kind.REPORT, "ok"))

    async def for_operator(
        self, customer_id: str, since: datetime | None, until: datetime | None, client_id: str
    ) -> AccessReport:
        """The same at the terminal. Raises `NotFound`, `StorageUnavailable`."""
        event = self.log.event(client_id, Kind.REPORT, "ok")
        return await self._report(customer_id, since, until, event)

    async def _report(
        self, customer_id: str, since: datetime | None, until: datetime | None, event: Event
    ) -> AccessReport:
        if not is_well_formed(customer_id):
            raise NotFound("There is no customer with that ID.")
        async with self.units() as unit:
            known = (await unit.customers.get([customer_id])).get(customer_id)
            if known is None:
                raise NotFound("There is no customer with that ID.")
            retired = await unit.customers.retired_into(known.known_as)
            homes = tuple(sorted({known.known_as, *(c.customer_id for c in retired)}))
            found: list[Event] = []
            for home in homes:
                which = EventFilter(customer_id=home, since=since, until=until)
                found += await unit.events.list(which, None, MOST + 1)
            found.sort(key=lambda one: one.event_id, reverse=True)
            event = replace(event, customer_id=known.known_as, purpose=Purpose.PATRQT)
            unit.events.append(replace(event, detail={"events": len(found)}))
            await unit.commit()
        events = tuple(found[:MOST])
        whole = len(found) <= MOST
        return AccessReport(known.known_as, homes, known.erased_at, since, until, event.at, events, whole)
