"""An access in an emergency, which somebody judges afterwards."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class EmergencyVerdict(StrEnum):
    """What an access in an emergency turned out to be."""

    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyAccess:
    """A permit in an emergency, and what was decided about it.

    `event_id` and `at` are the permit's in the access log, where the reason stands; `actor` is who spoke for
    the client. `decided_in` is the verdict's event, where its note stands.
    """

    event_id: UUID
    at: datetime
    client_id: str
    customer_id: str
    domains: tuple[str, ...]
    actor: str | None = None
    verdict: EmergencyVerdict | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    decided_in: UUID | None = None

    def is_of(self, client_id: str) -> bool:
        """Whether the client had this access, or spoke for who had it."""
        return client_id in (self.client_id, self.actor)


@dataclass(frozen=True, slots=True)
class EmergencyFilter:
    """Which to list; None is "any". `decided`: those with a verdict, or those without; `since` inclusive,
    `until` exclusive."""

    decided: bool | None = None
    client_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
