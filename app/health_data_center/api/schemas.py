"""Wire models that are not records themselves."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from app.health_data_center.domains import Domain, Purpose
from app.health_data_center.records.fields import Moment, Sensitivity
from app.health_data_center.records.record import Record

LARGEST_PAGE = 200
LARGEST_BATCH = 1000

Cursor = Annotated[str, Field(max_length=200, description="The `next` of an earlier answer")]


class CursorsIn(BaseModel):
    """Where to go on in each domain."""

    model_config = ConfigDict(extra="ignore")

    medical: Cursor | None = None
    elder_care: Cursor | None = None
    funeral: Cursor | None = None


class LookupIn(BaseModel):
    """The five elements (all required, `null` is "not given"), which domains, and why.

    `limit` and `cursors` page through each domain: a `next` of the answer is the cursor of its domain.
    """

    model_config = ConfigDict(extra="ignore")

    name: str | None
    gender: str | None
    birth_date: str | None
    id_type: str | None
    id_number: str | None
    domains: Annotated[list[Domain], Field(min_length=1, max_length=len(Domain))]
    purpose: Purpose
    reason: Annotated[str | None, Field(max_length=500, description="Why, in words; ETREAT needs it")] = None
    limit: Annotated[int, Field(strict=True, ge=1, le=LARGEST_PAGE)] = 50
    cursors: CursorsIn = CursorsIn()

    @model_validator(mode="after")
    def _emergency_has_a_reason(self) -> "LookupIn":
        if self.purpose is Purpose.ETREAT and not (self.reason or "").strip():
            raise PydanticCustomError("reason_required", "a written reason, where the purpose is ETREAT")
        return self


class RecordBatchIn(BaseModel):
    """Many records at once: all are stored or none."""

    items: Annotated[list[Record], Field(min_length=1, max_length=LARGEST_BATCH)]


class RecordOut(BaseModel):
    """One record: the fields below and those of its kind, as they were posted."""

    model_config = ConfigDict(extra="allow")

    record_id: str
    customer_id: str
    domain: Domain
    kind: str
    source_system: str
    source_id: str
    occurred_at: Moment
    sensitivity: Sensitivity | None = None


class RecordPage(BaseModel):
    """Records, newest first."""

    items: list[RecordOut]
    next: str | None


class WrittenOut(BaseModel):
    """What became of one posted record."""

    record_id: str
    source_system: str
    source_id: str
    outcome: Literal["created", "updated", "unchanged"]


class WrittenPage(BaseModel):
    """In the order of the request."""

    items: list[WrittenOut]


class LookupOut(BaseModel):
    """The customer and the records, by domain."""

    customer_id: str
    records: dict[Domain, RecordPage]


class FieldErrorOut(BaseModel):
    """A field at fault and what would be right."""

    field: str
    code: str
    expected: str


class ProblemOut(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    code: str
    detail: str | None = None
    errors: list[FieldErrorOut] | None = None
    reasons: list[str] | None = None


class StatusOut(BaseModel):
    """Whether the service is well."""

    status: Literal["ok"]
