"""Proves that the access log of then is the beginning of the log of now."""

from dataclasses import dataclass

from app.core.audit.proofs import consistency_ranges
from app.services.errors import InvalidRequest
from app.services.ports import Units
from app.services.tree_reader import roots


@dataclass(frozen=True, slots=True)
class Consistency:
    """The tree of `old` leaves is the beginning of that of `new`; `hashes` prove it (RFC 6962, 2.1.2)."""

    old: int
    new: int
    hashes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class ProveConsistency:
    """A consistency proof. It says nothing of any event, and asking is none."""

    units: Units

    async def __call__(self, old: int, new: int | None) -> Consistency:
        """Between two sizes; `new` is by default that of the newest checkpoint.

        Raises `InvalidRequest`, `LogDamaged`, `StorageUnavailable`.
        """
        async with self.units() as unit:
            newest = await unit.seals.newest()
            most = newest.size if newest else 0
            if not 0 < old <= most:
                raise InvalidRequest("from", f"a number of leaves from 1 to {most}")
            new = most if new is None else new
            if not old <= new <= most:
                raise InvalidRequest("to", f"a number of leaves from {old} to {most}")
            return Consistency(old, new, tuple(await roots(unit.seals, consistency_ranges(old, new))))
