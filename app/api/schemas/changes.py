"""The change feed on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from app.core.index.change import Change, ChangeKind


class ChangeOut(BaseModel):
    """One line. Holds IDs alone; what a customer is now is read under `customer_id`."""

    position: int
    change_id: UUID
    at: datetime
    kind: ChangeKind
    customer_id: str
    other_id: Annotated[
        str | None, Field(description="merged: who was retired; split: who came out, or back to life")
    ]
    homes: Annotated[
        list[str],
        Field(description="split: every ID that leads to other_id now; what first came under one goes along"),
    ]
    source_system: str | None
    local_id: str | None

    @classmethod
    def of(cls, position: int, change: Change) -> "ChangeOut":
        """From the core's shape."""
        local = change.local
        return cls(
            position=position,
            change_id=change.change_id,
            at=change.at,
            kind=change.kind,
            customer_id=change.customer_id,
            other_id=change.other_id,
            homes=list(change.homes),
            source_system=local.source_system if local else None,
            local_id=local.local_id if local else None,
        )


class ChangePageOut(BaseModel):
    """In order; `next` is what to ask behind, also where nothing has come."""

    items: list[ChangeOut]
    next: int
