"""Records of every kind: taken as documented, and given back as taken."""

from typing import Any

import pytest
from pydantic import ValidationError

from app.health_data_center.domains import Domain
from app.health_data_center.records.record import KINDS, RECORD

FACTS: dict[str, dict[str, Any]] = {
    "encounter": {"encounter_class": "IMP", "facility": "第一医院", "department": "骨科"},
    "diagnosis": {"icd10": "S72.000", "display": "股骨颈骨折", "clinical_status": "active"},
    "lab_result": {
        "loinc": "718-7",
        "display": "血红蛋白",
        "value": 132.0,
        "unit": "g/L",
        "interpretation": "N",
    },
    "prescription": {
        "medication": "氨氯地平",
        "atc": "C08CA01",
        "dose": "5 mg",
        "route": "oral",
        "frequency": "qd",
    },
    "admission": {"facility": "松鹤养老院", "care_level": "moderate", "room": "302"},
    "care_assessment": {"instrument": "GB/T 42195-2022", "score": 60, "care_level": "moderate"},
    "care_plan": {
        "goals": ["独立行走"],
        "measures": ["每日训练"],
        "diet": "soft",
        "valid_until": "2027-01-01",
    },
    "contract": {
        "contract_number": "17",
        "product": "burial",
        "status": "active",
        "amount_yuan": 58000.5,
    },
    "service": {"service_type": "memorial", "venue": "思亲厅"},
    "memorial_plot": {"cemetery": "福寿园", "section": "A", "plot": "12-7", "form": "tree"},
}
DOMAIN_OF = {kind: domain for domain, kinds in KINDS.items() for kind in kinds}


def record(kind: str, **changes: Any) -> dict[str, Any]:
    return {
        "customer_id": "CA",
        "domain": DOMAIN_OF[kind].value,
        "kind": kind,
        "source_system": "s",
        "source_id": "1",
        "occurred_at": "2026-01-02T03:04:05Z",
        **FACTS[kind],
        **changes,
    }


def test_each_domain_knows_its_kinds() -> None:
    assert FACTS.keys() == DOMAIN_OF.keys()
    assert set(KINDS) == set(Domain)


@pytest.mark.parametrize("kind", FACTS)
def test_facts_are_kept_as_given(kind: str) -> None:
    assert RECORD.validate_python(record(kind)).facts() == FACTS[kind]


@pytest.mark.parametrize("kind", FACTS)
def test_a_kind_belongs_to_one_domain(kind: str) -> None:
    for domain in Domain:
        if domain is not DOMAIN_OF[kind]:
            with pytest.raises(ValidationError):
                RECORD.validate_python(record(kind, domain=domain.value))


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("encounter", {"ended_at": "2026-01-01T00:00:00Z"}),
        ("admission", {"discharged_at": "2026-01-01T00:00:00Z"}),
        ("lab_result", {"value": None}),
        ("care_assessment", {"score": 91}),
        ("care_assessment", {"score": 101, "instrument": "Barthel"}),
        ("care_plan", {"goals": []}),
        ("contract", {"amount_yuan": 0.001}),
        ("memorial_plot", {"occupant": "somebody"}),
    ],
)
def test_what_cannot_be(kind: str, changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RECORD.validate_python(record(kind, **changes))
