"""What every record has, whatever its kind."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from app.health_data_center.records.fields import CustomerId, Moment, Sensitivity, SourceId, SourceSystem

ENVELOPE = frozenset(
    {"customer_id", "domain", "kind", "source_system", "source_id", "occurred_at", "sensitivity"}
)


class BusinessRecord(BaseModel):
    """One business record of one customer, named by (`source_system`, `source_id`) where it comes from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    customer_id: CustomerId
    source_system: SourceSystem
    source_id: SourceId
    occurred_at: Moment
    sensitivity: Sensitivity | None = None

    def facts(self) -> dict[str, Any]:
        """The kind's own fields as JSON values; what is not known is left out."""
        return self.model_dump(mode="json", exclude=set(ENVELOPE), exclude_none=True)
