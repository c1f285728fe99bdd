"""Records of cemeteries and funeral services."""

from typing import Literal

from app.health_data_center.records.business_record import BusinessRecord
from app.health_data_center.records.fields import Day, LongText, Text, Yuan


class FuneralRecord(BusinessRecord):
    """What all records of the funeral domain share."""

    domain: Literal["funeral"]


class Contract(FuneralRecord):
    """A signed contract; `occurred_at` is the day of signing."""

    kind: Literal["contract"]
    contract_number: Text
    product: Literal["burial", "columbarium", "ecological_burial", "sea_burial", "pre_need"]
    status: Literal["active", "fulfilled", "cancelled"]
    amount_yuan: Yuan | None = None


class FuneralService(FuneralRecord):
    """A service held; `occurred_at` is when."""

    kind: Literal["service"]
    service_type: Literal["collection", "farewell_ceremony", "cremation", "interment", "memorial"]
    venue: Text
    note: LongText | None = None


class MemorialPlot(FuneralRecord):
    """A resting place; `occurred_at` is when it was assigned."""

    kind: Literal["memorial_plot"]
    cemetery: Text
    section: Text
    plot: Text
    form: Literal["grave", "wall_niche", "tree", "lawn", "flower_bed"]
    leased_until: Day | None = None
