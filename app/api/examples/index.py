"""Examples: source records, customers, imports."""

from app.api.examples.shared import CUSTOMER, OTHER_CUSTOMER, PERSON, Examples

_CSV = "text/csv"
_NDJSON = "application/x-ndjson"
_REFERENCE = {"source_system": "elder_care", "local_id": "E000123", "customer_id": CUSTOMER}
_SEEN = {
    "source_system": "elder_care",
    "local_id": "E000123",
    "at": "2026-11-21T08:30:00Z",
    "verification": "document_seen",
    "rule": "only_value",
}
_READ_FROM_THE_CARD = {
    "source_system": "medical",
    "local_id": "P000123",
    "at": "2026-10-02T01:15:00Z",
    "verification": "card_read",
    "rule": "verification",
}
_CUSTOMER = {
    "customer_id": CUSTOMER,
    "elements": PERSON,
    "deceased": False,
    "attributes": {
        "phones": [{"value": "+8613800138000", "kind": "mobile", "provenance": _SEEN}],
        "ethnicity": [{"value": "01", "kind": None, "provenance": _READ_FROM_THE_CARD}],
    },
    "provenance": {**dict.fromkeys(PERSON, _READ_FROM_THE_CARD), "deceased": _SEEN},
    "cross_references": [_REFERENCE, {**_REFERENCE, "source_system": "medical", "local_id": "P000123"}],
}
_BASIC_DATA = {
    "phones": ["13800138000", {"value": "010-62345678", "kind": "home", "verification": "document_seen"}],
    "ethnicity": {"value": "01", "verification": "card_read"},
    "documents": {"value": "E12345678", "kind": "passport"},
}
_IMPORT = {
    "import_id": "01a20061-7c58-7b15-8f0e-6a3d94c2e7b0",
    "status": "queued",
    "source_system": "medical",
    "created_at": "2026-11-21T08:30:00Z",
    "updated_at": "2026-11-21T08:30:02Z",
    "rows": 120000,
    "done": 0,
    "outcomes": {},
    "error": None,
}
_HALF_WAY = {
    **_IMPORT,
    "updated_at": "2026-11-21T08:31:10Z",
    "done": 4300,
    "outcomes": {"created": 4100, "linked": 180, "review": 12, "rejected": 8},
}
_SOUND = {"missing": 0.0, "invalid": 0.0, "contradictory": 0.0}
_QUALITY = {
    "source_system": "medical",
    "records": 120000,
    "duplicates": 310,
    "fields": {
        "name": _SOUND,
        "gender": {"missing": 0.012, "invalid": 0.0, "contradictory": 0.0007},
        "birth_date": {"missing": 0.003, "invalid": 0.0001, "contradictory": 0.0004},
        "id_type": _SOUND,
        "id_number": {"missing": 0.041, "invalid": 0.0062, "contradictory": 0.0},
    },
}

# Files, as they are on the wire.
_ROWS_IN_NDJSON = (
    '{"local_id": "P000123", "name": "王丽华", "gender": "female", "birth_date": "1980-02-29", '
    '"id_type": "resident_id_card", "id_number": "110101198002290026"}\n'
    '{"local_id": "P000124", "name": "张伟", "gender": "male", "birth_date": "1975-13-01", '
    '"id_type": null, "id_number": null}\n'
)
_ROWS_IN_CSV = (
    "local_id,name,gender,birth_date,id_type,id_number,attributes.phones\n"
    "P000123,王丽华,female,1980-02-29,resident_id_card,110101198002290026,mobile:13800138000\n"
)
_RESULTS = (
    '{"line":1,"outcome":"linked","source_system":"medical","local_id":"P000123",'
    f'"customer_id":"{CUSTOMER}"}}\n'
    '{"line":2,"outcome":"rejected","field":"birth_date","code":"birth_date_format",'
    '"expected":"a date: YYYY-MM-DD, YYYYMMDD or YYYY/M/D"}\n'
)
_REFERENCES = (
    f'{{"source_system":"medical","local_id":"P000123","customer_id":"{CUSTOMER}"}}\n'
    f'{{"source_system":"medical","local_id":"P000124","customer_id":"{OTHER_CUSTOMER}"}}\n'
)

EXAMPLES: Examples = {
    "register_source_record": {
        "request": {
            "living": PERSON,
            "with_basic_data": {**PERSON, "verification": "card_read", "attributes": _BASIC_DATA},
            "deceased": {**PERSON, "attributes": {"deceased": True}},
        },
        "200": {
            "linked": {"customer_id": CUSTOMER, "outcome": "linked"},
            "review": {"customer_id": CUSTOMER, "outcome": "review"},
        },
    },
    "read_cross_reference": {"200": {"known": _REFERENCE}},
    "merge_source_records": {"request": {"same_person": {"into": "E000123"}}, "200": {"moved": _REFERENCE}},
    "read_customer": {"200": {"customer": _CUSTOMER}},
    "list_cross_references": {"200": {"two_lines": _REFERENCES}},
    "create_import": {
        f"request {_NDJSON}": {"ndjson": _ROWS_IN_NDJSON},
        f"request {_CSV}": {"csv": _ROWS_IN_CSV},
        "202": {"queued": _IMPORT},
    },
    "read_import": {
        "200": {
            "running": {**_HALF_WAY, "status": "running"},
            "failed": {**_IMPORT, "status": "failed", "error": "damaged_file"},
        }
    },
    "read_import_results": {"200": {"two_lines": _RESULTS}},
    "cancel_import": {"200": {"cancelled": {**_HALF_WAY, "status": "cancelled"}}},
    "read_quality": {"200": {"quality": _QUALITY}},
}
