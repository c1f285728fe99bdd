"""What the review of emergencies needs from the outside."""

import builtins
from typing import Protocol
from uuid import UUID

from app.core.access.emergency import EmergencyAccess, EmergencyFilter


class EmergencyStore(Protocol):
    """Accesses in an emergency with their verdicts. A verdict is written once: `commit` raises `Conflict`
    where somebody else was faster."""

    def add(self, access: EmergencyAccess) -> None:
        """A new one, with the event that permits it."""
        ...

    async def get(self, event_id: UUID) -> EmergencyAccess | None:
        """The access that this event permitted."""
        ...

    async def list(
        self, which: EmergencyFilter, before: UUID | None, limit: int
    ) -> builtins.list[EmergencyAccess]:
        """Accesses, newest first, beginning behind the event `before`. IDs say the time, within a moment."""
        ...

    def decide(self, decided: EmergencyAccess) -> None:
        """Its verdict; `commit` raises `Conflict` where it has one already."""
        ...
