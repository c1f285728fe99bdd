"""Records of elder-care homes."""

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.health_data_center.records.business_record import BusinessRecord
from app.health_data_center.records.fields import Count, Day, LongText, Moment, Text

CareLevel = Literal["independent", "mild", "moderate", "severe", "complete"]
"""Degree of disability: none, mild, moderate, severe, complete (the five grades of GB/T 42195-2022)."""

_HIGHEST_SCORE = {"GB/T 42195-2022": 90, "Barthel": 100}


class ElderCareRecord(BusinessRecord):
    """What all records of the elder-care domain share."""

    domain: Literal["elder_care"]


class Admission(ElderCareRecord):
    """A stay in a home; `occurred_at` is the day of moving in."""

    kind: Literal["admission"]
    facility: Text
    room: Text | None = None
    care_level: CareLevel
    discharged_at: Moment | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "Admission":
        if self.discharged_at is not None and self.discharged_at < self.occurred_at:
            raise PydanticCustomError("order", "a discharged_at that is not before occurred_at")
        return self


class CareAssessment(ElderCareRecord):
    """An assessment of ability by a named instrument."""

    kind: Literal["care_assessment"]
    instrument: Literal["GB/T 42195-2022", "Barthel"]
    score: Count
    care_level: CareLevel
    assessor_role: Literal["nurse", "physician", "social_worker", "therapist"] | None = None
    note: LongText | None = None

    @model_validator(mode="after")
    def _within_the_scale(self) -> "CareAssessment":
        if self.score > _HIGHEST_SCORE[self.instrument]:
            raise PydanticCustomError("score", "a score of at most 90 (GB/T 42195-2022) or 100 (Barthel)")
        return self


class CarePlan(ElderCareRecord):
    """What was agreed to be done, from `occurred_at` on."""

    kind: Literal["care_plan"]
    goals: Annotated[list[Text], Field(min_length=1, max_length=20)]
    measures: Annotated[list[Text], Field(min_length=1, max_length=50)]
    diet: Literal["regular", "soft", "puree", "liquid", "diabetic", "low_salt"] | None = None
    valid_until: Day | None = None
