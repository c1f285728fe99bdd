"""Accesses in an emergency on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.core.access.emergency import EmergencyVerdict
from app.core.access.scope import Domain
from app.services.review_emergencies import ReviewedEmergency


class VerdictIn(BaseModel):
    """Whether the access was justified, and why."""

    model_config = ConfigDict(extra="forbid")

    verdict: EmergencyVerdict
    note: Annotated[
        str,
        Field(
            min_length=1,
            max_length=500,
            pattern=r"\S",
            description="Why, in words. Encrypted under the customer's key.",
            examples=["The ward's file of that night shows the admission."],
        ),
    ]


class VerdictOut(BaseModel):
    """Who decided what, when. `note` is null where the log does not hold it any more."""

    verdict: EmergencyVerdict
    note: str | None
    decided_at: datetime
    decided_by: str
    event_id: Annotated[UUID, Field(description="The verdict's event in the access log.")]


class EmergencyAccessOut(BaseModel):
    """A permit in an emergency. `reason`: what was written when it was asked for; null where the log does not
    hold it any more. `verdict` is null until somebody has judged it."""

    event_id: Annotated[UUID, Field(description="The permit's event in the access log.")]
    at: datetime
    client_id: str
    actor: str | None
    customer_id: str
    domains: list[Domain]
    reason: str | None
    verdict: VerdictOut | None

    @classmethod
    def of(cls, found: ReviewedEmergency) -> "EmergencyAccessOut":
        """From the service's shape."""
        access = found.access
        return cls(
            event_id=access.event_id,
            at=access.at,
            client_id=access.client_id,
            actor=access.actor,
            customer_id=access.customer_id,
            domains=[Domain(domain) for domain in access.domains],
            reason=found.reason,
            verdict=_verdict(found),
        )


class EmergencyPageOut(BaseModel):
    """Newest first; `next` is the cursor of the following page, or null."""

    items: list[EmergencyAccessOut]
    next: str | None


def _verdict(found: ReviewedEmergency) -> VerdictOut | None:
    access = found.access
    if access.verdict is None:
        return None
    return VerdictOut.model_validate(
        {
            "verdict": access.verdict,
            "note": found.note,
            "decided_at": access.decided_at,
            "decided_by": access.decided_by,
            "event_id": access.decided_in,
        }
    )
