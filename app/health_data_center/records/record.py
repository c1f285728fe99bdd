"""Any record, told apart by `kind`."""

from typing import Annotated

from pydantic import Field, TypeAdapter

from app.health_data_center.domains import Domain
from app.health_data_center.records.elder_care import Admission, CareAssessment, CarePlan
from app.health_data_center.records.funeral import Contract, FuneralService, MemorialPlot
from app.health_data_center.records.medical import Diagnosis, Encounter, LabResult, Prescription

Record = Annotated[
    Encounter
    | Diagnosis
    | LabResult
    | Prescription
    | Admission
    | CareAssessment
    | CarePlan
    | Contract
    | FuneralService
    | MemorialPlot,
    Field(discriminator="kind"),
]
RECORD: TypeAdapter[Record] = TypeAdapter(Record)

KINDS: dict[Domain, tuple[str, ...]] = {
    Domain.MEDICAL: ("encounter", "diagnosis", "lab_result", "prescription"),
    Domain.ELDER_CARE: ("admission", "care_assessment", "care_plan"),
    Domain.FUNERAL: ("contract", "service", "memorial_plot"),
}
