"""A change of keys is on record like every other decision."""

from dataclasses import dataclass

from app.core.audit.event import Event, Kind
from app.services.ports import Clock, Ids, Units


@dataclass(frozen=True, slots=True)
class RecordKeyRotation:
    """Commits one event of the operator's: which list of keys, the ID of its new active key, and why."""

    units: Units
    clock: Clock
    ids: Ids

    async def __call__(self, purpose: str, key_id: str, *, compromised: bool) -> None:
        """Raises `StorageUnavailable`."""
        event = Event(
            event_id=self.ids.uuid(),
            at=self.clock.now(),
            kind=Kind.KEY_ROTATION,
            outcome="compromised" if compromised else "rotated",
            detail={"purpose": purpose, "key": key_id, "by": "operator"},
        )
        async with self.units() as unit:
            unit.events.append(event)
            await unit.commit()
