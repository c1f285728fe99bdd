"""The access log on the wire."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from app.core.audit.event import Event


class EventOut(BaseModel):
    """One line of the log; no identity element stands in it."""

    event_id: UUID
    at: datetime
    kind: str
    outcome: str
    client_id: str | None
    actor: str | None
    customer_id: str | None
    domains: list[str]
    purpose: str | None
    reasons: list[str]
    grade: str | None
    elements_digest: str | None
    token_id: str | None
    match_id: str | None
    source: str | None
    request_id: str | None
    trace_id: str | None
    model: str | None
    policy: str | None
    count: int
    detail: dict[str, str | int | float | bool | None]
    statement: str | None

    @classmethod
    def of(cls, event: Event) -> "EventOut":
        """From the core's shape."""
        return cls.model_validate(event, from_attributes=True)


class EventPageOut(BaseModel):
    """Newest first; `next` is the cursor of the following page, or null."""

    items: list[EventOut]
    next: str | None


class InclusionOut(BaseModel):
    """`leaf`: the canonical bytes of the event as stored; `hashes`: base64, from the leaf up to the root."""

    leaf_index: int
    tree_size: int
    hashes: list[str]
    leaf: str


class ConsistencyOut(BaseModel):
    """`hashes`: base64, in the order of RFC 6962."""

    old: int = Field(alias="from")
    new: int = Field(alias="to")
    hashes: list[str]
