"""How long records are kept of a customer who was erased, though nobody may look them up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

_YEAR = timedelta(days=365.25)


@dataclass(frozen=True, slots=True)
class Retention:
    """Years from when a record's event occurred, and why."""

    years: int
    reason: str


RETENTION: Mapping[str, Retention] = {
    "medical": Retention(30, "medical records of in-patients (医疗机构病历管理规定, 2013): 30 years"),
    "elder_care": Retention(5, "service records of a home, against claims"),
    "funeral": Retention(0, "nothing to keep them for"),
}
"""By domain; an installation states its own."""


def kept_until(domain: str, occurred_at: datetime) -> datetime:
    """Until when a record of an erased customer is kept."""
    return occurred_at + RETENTION[domain].years * _YEAR
