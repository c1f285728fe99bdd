"""Records on the wire, as the Health Data Center gives them."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from app.core.access.scope import Domain


class RecordOut(BaseModel):
    """One business record: these fields and those of its kind."""

    model_config = ConfigDict(extra="allow")

    record_id: str
    customer_id: str
    domain: Domain
    kind: str
    source_system: str
    source_id: str
    occurred_at: datetime


class RecordPageOut(BaseModel):
    """Newest first; `next` is the cursor of the following page, or null."""

    items: list[RecordOut]
    next: str | None
