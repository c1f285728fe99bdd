"""Gender codes (GB/T 2261.1, FHIR AdministrativeGender, plain Chinese)."""

from enum import StrEnum


class Gender(StrEnum):
    """A known gender. Unknown (GB/T 2261.1 codes 0 and 9) is missing, so it has no member."""

    MALE = "male"
    FEMALE = "female"
    OTHER = "other"
