"""Accesses in an emergency, for those who watch, and the verdict on each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.core.access.emergency import EmergencyAccess, EmergencyFilter, EmergencyVerdict
from app.core.access.scope import Purpose
from app.core.audit.event import Event, Kind
from app.services.context import Caller
from app.services.errors import NotFound, NotPossible, OwnAccess
from app.services.ports import UnitOfWork, Units
from app.services.record_denial import RecordDenial
from app.services.scribe import Scribe


@dataclass(frozen=True, slots=True)
class ReviewedEmergency:
    """An access with what was written: the `reason` it was asked for with, and the `note` of its verdict.

    None where nothing was, or where the log does not hold it any more: retention, erasure.
    """

    access: EmergencyAccess
    reason: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class EmergencyPage:
    """Accesses newest first; `next` is the last one's ID where there may be more."""

    items: tuple[ReviewedEmergency, ...]
    next: UUID | None


@dataclass(frozen=True, slots=True)
class ReviewEmergencies:
    """Reading them is an event, like reading the log; a verdict is a decision, given once."""

    units: Units
    scribe: Scribe
    deny: RecordDenial

    async def list(
        self, which: EmergencyFilter, before: UUID | None, limit: int, caller: Caller
    ) -> EmergencyPage:
        """A page of them, with what was written. Raises `StorageUnavailable`."""
        asked = {"what": "emergency_accesses", "filter_client": which.client_id}
        detail = {name: value for name, value in asked.items() if value is not None}
        async with self.units() as unit:
            found = await unit.emergencies.list(which, before, limit + 1)
            items = await _with_words(unit, found[:limit])
            unit.events.append(self.scribe(caller, Kind.AUDIT_READ, "ok", detail=detail))
            await unit.commit()
        return EmergencyPage(items, items[-1].access.event_id if len(found) > limit else None)

    async def one(self, event_id: UUID, caller: Caller, *, disclosed: bool) -> ReviewedEmergency:
        """One of them; `disclosed`: with what was written, which is an event of its own kind.

        Raises `NotFound`, `StorageUnavailable`."""
        what = {"what": "statement" if disclosed else "emergency_access", "event_id": str(event_id)}
        kind = Kind.DISCLOSURE if disclosed else Kind.AUDIT_READ
        async with self.units() as unit:
            access = await _known(unit, event_id)
            (found,) = await _with_words(unit, [access]) if disclosed else (ReviewedEmergency(access),)
            event = self.scribe(caller, kind, "ok", customer_id=access.customer_id, detail=what)
            unit.events.append(event)
            await unit.commit()
        return found

    async def judge(
        self, event_id: UUID, verdict: EmergencyVerdict, note: str, caller: Caller
    ) -> ReviewedEmergency:
        """Gives the verdict. The same one again changes nothing, and answers with what stands.

        Raises `NotFound`, `OwnAccess`, `NotPossible` (another verdict was given), `Conflict`,
        `StorageUnavailable`."""
        async with self.units() as unit:
            access = await _known(unit, event_id)
            if not access.is_of(caller.client.client_id):
                return await self._judged(unit, access, verdict, note, caller)
        await self.deny(caller, OwnAccess.code, kind=Kind.EMERGENCY_REVIEW, customer_id=access.customer_id)
        raise OwnAccess

    async def _judged(
        self, unit: UnitOfWork, access: EmergencyAccess, verdict: EmergencyVerdict, note: str, caller: Caller
    ) -> ReviewedEmergency:
        if access.verdict is verdict:
            (found,) = await _with_words(unit, [access])
            return replace(found, reason=None)
        if access.verdict is not None:
            raise NotPossible("This access was judged already, and otherwise; a verdict stands.")
        event = self._event(access, verdict, note, caller)
        decided = replace(
            access,
            verdict=verdict,
            decided_at=event.at,
            decided_by=caller.name,
            decided_in=event.event_id,
        )
        unit.emergencies.decide(decided)
        unit.events.append(event)
        await unit.commit()
        return ReviewedEmergency(decided, note=note)

    def _event(self, access: EmergencyAccess, verdict: EmergencyVerdict, note: str, caller: Caller) -> Event:
        return self.scribe(
            caller,
            Kind.EMERGENCY_REVIEW,
            verdict,
            customer_id=access.customer_id,
            domains=access.domains,
            purpose=Purpose.ETREAT,
            detail={"event_id": str(access.event_id), "client": access.client_id},
            statement=note,
        )


async def _known(unit: UnitOfWork, event_id: UUID) -> EmergencyAccess:
    access = await unit.emergencies.get(event_id)
    if access is None:
        raise NotFound("There is no access in an emergency with that event ID.")
    return access


async def _with_words(unit: UnitOfWork, found: Sequence[EmergencyAccess]) -> tuple[ReviewedEmergency, ...]:
    ids = [i for access in found for i in (access.event_id, access.decided_in) if i is not None]
    written: dict[UUID | None, str | None] = {
        event.event_id: event.statement for event in await unit.events.get(ids)
    }
    return tuple(
        ReviewedEmergency(access, written.get(access.event_id), written.get(access.decided_in))
        for access in found
    )
