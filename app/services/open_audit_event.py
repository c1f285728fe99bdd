"""One line of the access log with all that belongs to it: its request, and its proof."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from app.core.audit.canonical import canonical_bytes
from app.core.audit.event import Event, EventFilter, Kind
from app.core.audit.log import SignedHead, first_id_at, instant_of
from app.core.audit.merkle import leaf_hash
from app.core.audit.proofs import inclusion_ranges, verify_inclusion
from app.services.context import Caller
from app.services.errors import NotFound
from app.services.ports import UnitOfWork, Units
from app.services.scribe import Scribe
from app.services.tree_reader import LogDamaged, roots

NEAR = timedelta(minutes=10)
"""How far apart the events of one request may lie."""
MOST_RELATED = 50


@dataclass(frozen=True, slots=True)
class Proof:
    """The event is leaf `index` under the signed `head`, by `hashes`; `holds` says whether that is true
    of what is stored now."""

    index: int
    head: SignedHead
    hashes: tuple[bytes, ...]
    leaf: bytes
    holds: bool


@dataclass(frozen=True, slots=True)
class OpenedEvent:
    """An event without its statement (`stated`: there is one), the others of its request, and its proof;
    None while it is not sealed."""

    event: Event
    stated: bool
    related: tuple[Event, ...]
    proof: Proof | None


@dataclass(frozen=True, slots=True)
class OpenAuditEvent:
    """Looking at an event is an event; so is being shown what somebody wrote in it."""

    units: Units
    scribe: Scribe

    async def __call__(self, event_id: UUID, caller: Caller) -> OpenedEvent:
        """Raises `NotFound`, `StorageUnavailable`."""
        async with self.units() as unit:
            event = await _event(unit, event_id)
            related = await _of_same_request(unit, event)
            proof = await _proof(unit, event_id)
            detail = {"what": "event", "event_id": str(event_id)}
            unit.events.append(replace(self.scribe(caller, Kind.AUDIT_READ, "ok"), detail=detail))
            await unit.commit()
        return OpenedEvent(replace(event, statement=None), event.statement is not None, related, proof)

    async def statement(self, event_id: UUID, caller: Caller) -> str:
        """What somebody wrote to explain themselves. Raises `NotFound`, `StorageUnavailable`."""
        async with self.units() as unit:
            event = await _event(unit, event_id)
            if event.statement is None:
                raise NotFound("Nothing was written in this event.")
            shown = self.scribe(caller, Kind.DISCLOSURE, "ok")
            detail = {"what": "statement", "event_id": str(event_id)}
            unit.events.append(replace(shown, customer_id=event.customer_id, detail=detail))
            await unit.commit()
        return event.statement


async def _event(unit: UnitOfWork, event_id: UUID) -> Event:
    behind = UUID(int=min(event_id.int + 1, 2**128 - 1))
    found = await unit.events.list(EventFilter(), behind, 1)
    if not found or found[0].event_id != event_id:
        raise NotFound("There is no event with that ID.")
    return found[0]


async def _of_same_request(unit: UnitOfWork, event: Event) -> tuple[Event, ...]:
    if event.request_id is None:
        return ()
    at = instant_of(event.event_id)
    between = first_id_at(at - NEAR), first_id_at(at + NEAR)
    found = await unit.activity.of_request(event.request_id, *between, MOST_RELATED)
    others = [await _event(unit, other) for other in found if other != event.event_id]
    return tuple(replace(other, statement=None) for other in others)


async def _proof(unit: UnitOfWork, event_id: UUID) -> Proof | None:
    found, head = await unit.seals.sealed_event(event_id), await unit.seals.newest()
    if found is None or found.form is None or head is None or found.leaf.index >= head.size:
        return None
    leaf, index = canonical_bytes(found.form), found.leaf.index
    try:
        hashes = tuple(await roots(unit.seals, inclusion_ranges(index, head.size)))
    except LogDamaged:
        return Proof(index, head, (), leaf, False)
    holds = verify_inclusion(leaf_hash(leaf), index, head.size, hashes, head.root)
    return Proof(index, head, hashes, leaf, holds)
