"""What is done at the installation itself, by a command or the service without a token, is on record too."""

from dataclasses import dataclass
from typing import Unpack

from app.core.audit.event import Event, Kind
from app.services.ports import Clock, Ids, Units
from app.services.scribe import Told


@dataclass(frozen=True, slots=True)
class OperatorLog:
    """Events of the operator's. `client_id` is the name under which a command acts, where it has one."""

    units: Units
    clock: Clock
    ids: Ids

    def event(self, client_id: str | None, kind: Kind, outcome: str, **told: Unpack[Told]) -> Event:
        """An event, to be written with what it records."""
        return Event(
            event_id=self.ids.uuid(),
            at=self.clock.now(),
            kind=kind,
            outcome=outcome,
            client_id=client_id,
            **told,
        )

    async def note(self, client_id: str | None, kind: Kind, outcome: str, **told: Unpack[Told]) -> None:
        """Commits an event by itself: before the first line of what is read leaves, or after what was done
        outside the database. Raises `StorageUnavailable`."""
        async with self.units() as unit:
            unit.events.append(self.event(client_id, kind, outcome, **told))
            await unit.commit()
