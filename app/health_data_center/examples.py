"""Examples of the OpenAPI document: operation → "request" or a status → name → value.

All people are invented.
"""

from collections.abc import Mapping

CUSTOMER = "CM6SC7N75YR3HGA9TO"

_PERSON = {
    "name": "王丽华",
    "gender": "female",
    "birth_date": "1980-02-29",
    "id_type": "resident_id_card",
    "id_number": "110101198002290026",
}
_ENCOUNTER = {
    "customer_id": CUSTOMER,
    "domain": "medical",
    "kind": "encounter",
    "source_system": "his",
    "source_id": "E-2026-0042",
    "occurred_at": "2026-03-01T09:00:00+08:00",
    "encounter_class": "AMB",
    "facility": "第一医院",
    "department": "心内科",
}
_OF_THE_MIND = {
    **_ENCOUNTER,
    "source_id": "E-2026-0043",
    "department": "精神科",
    "sensitivity": "psychiatric",
}
_LAB_RESULT = {
    "customer_id": CUSTOMER,
    "domain": "medical",
    "kind": "lab_result",
    "source_system": "his",
    "source_id": "L-2026-0042-1",
    "occurred_at": "2026-03-01T09:30:00+08:00",
    "loinc": "4548-4",
    "display": "糖化血红蛋白",
    "value": 6.1,
    "unit": "%",
}
_ADMISSION = {
    "customer_id": CUSTOMER,
    "domain": "elder_care",
    "kind": "admission",
    "source_system": "elder_care",
    "source_id": "A-2026-0042",
    "occurred_at": "2026-03-01T09:00:00+08:00",
    "facility": "松鹤养老院",
    "care_level": "mild",
}
_STORED = {
    **_ADMISSION,
    "record_id": "01a2005a-1f0c-7d3e-9a41-5f1d2c3b4a59",
    "occurred_at": "2026-03-01T01:00:00Z",
}
_PAGE = {"items": [_STORED], "next": None}
_EMPTY: Mapping[str, object] = {"items": [], "next": None}
_WRITTEN = {
    "record_id": "01a2005a-1f0c-7d3e-9a41-5f1d2c3b4a59",
    "source_system": "his",
    "source_id": "E-2026-0042",
}

EXAMPLES: Mapping[str, Mapping[str, Mapping[str, object]]] = {
    "look_up": {
        "request": {
            "care": {**_PERSON, "domains": ["elder_care"], "purpose": "TREAT"},
            "emergency": {
                **_PERSON,
                "domains": ["medical", "elder_care"],
                "purpose": "ETREAT",
                "reason": "Found unconscious, allergies needed at once",
            },
        },
        "200": {
            "records": {"customer_id": CUSTOMER, "records": {"elder_care": _PAGE}},
            "no_records": {"customer_id": CUSTOMER, "records": {"elder_care": _EMPTY}},
        },
    },
    "write_records": {
        "request": {"one": _ENCOUNTER, "several": {"items": [_ENCOUNTER, _LAB_RESULT, _OF_THE_MIND]}},
        "200": {"unchanged": {"items": [{**_WRITTEN, "outcome": "unchanged"}]}},
        "201": {"created": {"items": [{**_WRITTEN, "outcome": "created"}]}},
    },
    "read_records": {"200": {"page": _PAGE, "no_records": _EMPTY}},
    "healthz": {"200": {"alive": {"status": "ok"}}},
    "readyz": {"200": {"ready": {"status": "ok"}}},
}
