"""Records of hospitals and clinics."""

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.health_data_center.records.business_record import BusinessRecord
from app.health_data_center.records.fields import (
    Atc,
    Count,
    Icd10,
    Loinc,
    LongText,
    Moment,
    Quantity,
    Text,
    Ucum,
)

ClinicalStatus = Literal["active", "recurrence", "relapse", "inactive", "remission", "resolved"]
"""HL7 FHIR condition-clinical."""

Route = Literal["oral", "intravenous", "intramuscular", "subcutaneous", "inhaled", "topical", "other"]


class MedicalRecord(BusinessRecord):
    """What all records of the medical domain share."""

    domain: Literal["medical"]


class Encounter(MedicalRecord):
    """A visit or stay; `occurred_at` is its beginning."""

    kind: Literal["encounter"]
    encounter_class: Annotated[
        Literal["AMB", "EMER", "IMP", "HH", "VR"],
        Field(description="HL7 v3 ActEncounterCode: ambulatory, emergency, inpatient, home health, virtual"),
    ]
    facility: Text
    department: Text
    ended_at: Moment | None = None
    chief_complaint: LongText | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "Encounter":
        if self.ended_at is not None and self.ended_at < self.occurred_at:
            raise PydanticCustomError("order", "an ended_at that is not before occurred_at")
        return self


class Diagnosis(MedicalRecord):
    """One diagnosis."""

    kind: Literal["diagnosis"]
    icd10: Icd10
    display: Text
    clinical_status: ClinicalStatus = "active"
    note: LongText | None = None


class LabResult(MedicalRecord):
    """One measured value; `occurred_at` is when the specimen was taken."""

    kind: Literal["lab_result"]
    loinc: Loinc
    display: Text
    value: Quantity | None = None
    unit: Ucum | None = None
    text: Text | None = Field(default=None, description="a result that is no number, such as 阴性")
    reference_range: Text | None = None
    interpretation: Annotated[
        Literal["N", "L", "H", "LL", "HH", "A", "POS", "NEG"] | None,
        Field(description="HL7 v3 ObservationInterpretation"),
    ] = None

    @model_validator(mode="after")
    def _has_a_result(self) -> "LabResult":
        if self.value is None and self.text is None:
            raise PydanticCustomError("result", "a value or a text")
        return self


class Prescription(MedicalRecord):
    """One prescribed medicine."""

    kind: Literal["prescription"]
    medication: Text
    atc: Atc | None = None
    dose: Text
    route: Route = "oral"
    frequency: Text
    days: Count | None = None
