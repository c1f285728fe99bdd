"""Who looked at a customer, when and why: what a person may ask to be told of themselves."""

from dataclasses import dataclass, replace
from datetime import datetime

from app.core.access.scope import Purpose, Scope
from app.core.audit.event import Event, EventFilter, Kind
from app.core.index.customer_id import is_well_formed
from app.services.context import Caller
from app.services.errors import NotFound, SourceSystemNotAllowed
from app.services.operator_log import OperatorLog
from app.services.ports import Units
from app.services.record_denial import RecordDenial
from app.services.scribe import Scribe
from app.services.stewardship import check_systems

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
    """The report is an event of its own, on the customer's behalf (PATRQT).

    Stewards answer people: they can tell who asks, and get the report of one customer of theirs at a time,
    never the log. Auditors, who read the log anyway, get it of anybody.
    """

    units: Units
    scribe: Scribe
    log: OperatorLog
    deny: RecordDenial

    async def for_caller(
        self, customer_id: str, since: datetime | None, until: datetime | None, caller: Caller
    ) -> AccessReport:
        """Raises `NotFound`, `SourceSystemNotAllowed`, `StorageUnavailable`."""
        event = self.scribe(caller, Kind.REPORT, "ok")
        bound = None if Scope.AUDIT_READ in caller.claims.scopes else caller
        try:
            return await self._report(customer_id, since, until, event, bound)
        except SourceSystemNotAllowed as refused:
            await self.deny(caller, refused.code, kind=Kind.REPORT, customer_id=customer_id)
            raise

    async def for_operator(
        self, customer_id: str, since: datetime | None, until: datetime | None, client_id: str
    ) -> AccessReport:
        """The same at the terminal. Raises `NotFound`, `StorageUnavailable`."""
        event = self.log.event(client_id, Kind.REPORT, "ok")
        return await self._report(customer_id, since, until, event)

    async def _report(
        self,
        customer_id: str,
        since: datetime | None,
        until: datetime | None,
        event: Event,
        bound: Caller | None = None,
    ) -> AccessReport:
        """`bound`: who may have it only where they know every source system of the customer."""
        if not is_well_formed(customer_id):
            raise NotFound("There is no customer with that ID.")
        async with self.units() as unit:
            known = (await unit.customers.get([customer_id])).get(customer_id)
            if known is None:
                raise NotFound("There is no customer with that ID.")
            retired = await unit.customers.retired_into(known.known_as)
            homes = tuple(sorted({known.known_as, *(c.customer_id for c in retired)}))
            if bound is not None:
                check_systems(bound, await unit.index.records_of(homes))
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
