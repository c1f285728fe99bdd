"""Proves that an event is in the access log."""

from dataclasses import dataclass, replace
from uuid import UUID

from app.core.audit.canonical import canonical_bytes
from app.core.audit.event import Kind
from app.core.audit.log import SealedEvent, SignedHead
from app.core.audit.proofs import inclusion_ranges
from app.services.context import Caller
from app.services.errors import InvalidRequest, NotFound
from app.services.log_ports import SealStore
from app.services.ports import Units
from app.services.scribe import Scribe
from app.services.tree_reader import roots


@dataclass(frozen=True, slots=True)
class Inclusion:
    """The leaf at `index` is in the tree of `size` leaves; `hashes` lead to its root (RFC 6962, 2.1.1).

    `leaf` are the canonical bytes of the event as it is stored now.
    """

    index: int
    size: int
    hashes: tuple[bytes, ...]
    leaf: bytes


@dataclass(frozen=True, slots=True)
class ProveInclusion:
    """An inclusion proof. It shows the event, so that asking is an event too."""

    units: Units
    scribe: Scribe

    async def __call__(self, event_id: UUID, size: int | None, caller: Caller) -> Inclusion:
        """In the tree of `size` leaves, by default the newest one that is signed.

        Raises `NotFound` (no such event, or not sealed yet), `InvalidRequest` (`size`), `LogDamaged`,
        `StorageUnavailable`.
        """
        async with self.units() as unit:
            found, newest = await unit.seals.sealed_event(event_id), await unit.seals.newest()
            if found is None or found.form is None or newest is None:
                raise NotFound("There is no such event, or it is not sealed yet.")
            proof = await _proof(unit.seals, found, canonical_bytes(found.form), size, newest)
            event = self.scribe(caller, Kind.AUDIT_READ, "ok")
            detail = {"what": "inclusion_proof", "event_id": str(event_id)}
            unit.events.append(replace(event, detail=detail))
            await unit.commit()
        return proof


async def _proof(
    seals: SealStore, found: SealedEvent, leaf: bytes, size: int | None, newest: SignedHead
) -> Inclusion:
    index = found.leaf.index
    size = newest.size if size is None else size
    if not index < size <= newest.size:
        raise InvalidRequest("size", f"a number of leaves from {index + 1} to {newest.size}")
    return Inclusion(index, size, tuple(await roots(seals, inclusion_ranges(index, size))), leaf)
