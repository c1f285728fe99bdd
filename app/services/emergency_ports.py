"""What the review of emergencies needs from the outside."""

import builtins
from typing import Protocol
from uuid import UUID

from app.core.access.emergency import EmergencyAccess, EmergencyFilter


class EmergencyStore(Protocol):
    """Accesses in an emergency with their verdicts. A verdict is written once: `commit` raises `Conflict`
    where somebody else was faster."""

    def add(self, access: EmergencyAccess) -> None: ...
    async def get(self, event_id: UUID) -> EmergencyAccess | None: ...
    async def list(
        self, which: EmergencyFilter, before: UUID | None, limit: int
    ) -> builtins.list[EmergencyAccess]: ...
    def decide(self, decided: EmergencyAccess) -> None: ...
