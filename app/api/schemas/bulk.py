"""Bulk calls on the wire: batches of questions, import jobs, data quality."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.api.schemas.match import MatchOut
from app.api.schemas.problem import FieldError
from app.services.match_batch import MOST_QUESTIONS

Question = Annotated[dict[str, Any], Field(description="The five elements, as `POST /v1/match` takes them.")]


class MatchBatchIn(BaseModel):
    """Up to 1,000 questions. One that cannot be read gets an error in its place and sinks no other."""

    model_config = ConfigDict(extra="forbid")

    questions: Annotated[list[Question], Field(min_length=1, max_length=MOST_QUESTIONS)]


class QuestionErrorOut(BaseModel):
    """A question that cannot be answered, and what would be right."""

    code: Literal["invalid_input"]
    errors: list[FieldError]


class BatchAnswerOut(BaseModel):
    """One question's answer, or its error."""

    answer: MatchOut | None = None
    error: QuestionErrorOut | None = None


class MatchBatchOut(BaseModel):
    """One answer each, in the order of the questions."""

    answers: list[BatchAnswerOut]


class ImportOut(BaseModel):
    """An import job. `rows` is what the file holds, once it was read; `done` what is stored or rejected."""

    import_id: UUID
    status: Literal["uploading", "queued", "running", "completed", "cancelled", "failed"]
    source_system: str | None
    created_at: datetime
    updated_at: datetime
    rows: int
    done: int
    outcomes: Annotated[dict[str, int], Field(description="created, linked, review, unchanged, rejected.")]
    error: Annotated[str | None, Field(description="A stable code, where it failed.")]


class FieldQualityOut(BaseModel):
    """Shares of one field over a source system's records, 0 to 1."""

    missing: float
    invalid: float
    contradictory: float


class QualityOut(BaseModel):
    """What a source system's records are worth. `duplicates`: records beyond the first of each customer."""

    source_system: str
    records: int
    duplicates: int
    fields: dict[str, FieldQualityOut]
