"""What a record is, and whether it is of the most sensitive: the words in which access to it is spoken of."""

from collections.abc import Mapping
from enum import StrEnum

from app.core.access.scope import Domain


class RecordKind(StrEnum):
    """The kinds of records that the Health Data Center holds."""

    ENCOUNTER = "encounter"
    DIAGNOSIS = "diagnosis"
    LAB_RESULT = "lab_result"
    PRESCRIPTION = "prescription"
    ADMISSION = "admission"
    CARE_ASSESSMENT = "care_assessment"
    CARE_PLAN = "care_plan"
    CONTRACT = "contract"
    SERVICE = "service"
    MEMORIAL_PLOT = "memorial_plot"


class Sensitivity(StrEnum):
    """Labels of records that nobody outside sees without being let in by name, whatever their kind."""

    PSYCHIATRIC = "psychiatric"
    REPRODUCTIVE = "reproductive"
    INFECTIOUS_DISEASE = "infectious_disease"


KINDS: Mapping[Domain, tuple[RecordKind, ...]] = {
    Domain.MEDICAL: (
        RecordKind.ENCOUNTER,
        RecordKind.DIAGNOSIS,
        RecordKind.LAB_RESULT,
        RecordKind.PRESCRIPTION,
    ),
    Domain.ELDER_CARE: (RecordKind.ADMISSION, RecordKind.CARE_ASSESSMENT, RecordKind.CARE_PLAN),
    Domain.FUNERAL: (RecordKind.CONTRACT, RecordKind.SERVICE, RecordKind.MEMORIAL_PLOT),
}
"""The kinds of each domain; no kind is of two."""
