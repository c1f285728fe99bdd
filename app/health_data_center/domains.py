"""The domains whose records the center holds, and why records may be asked for."""

from enum import StrEnum


class Domain(StrEnum):
    """A line of business."""

    MEDICAL = "medical"
    ELDER_CARE = "elder_care"
    FUNERAL = "funeral"

    @property
    def scope(self) -> str:
        """The scope a client needs for records of this domain."""
        return f"records:{self.value}"


class Purpose(StrEnum):
    """Purpose of use: HL7 v3 PurposeOfUse codes, and one of the group's own for funeral."""

    TREAT = "TREAT"
    CAREMGT = "CAREMGT"
    HPAYMT = "HPAYMT"
    HOPERAT = "HOPERAT"
    ETREAT = "ETREAT"
    PATRQT = "PATRQT"
    DECEASED_AFFAIRS = "DECEASED-AFFAIRS"
