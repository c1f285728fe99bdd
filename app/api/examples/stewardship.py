"""Examples: merges, their undoing, splits, reviews."""

from app.api.examples.shared import CUSTOMER, MODEL, OTHER_CUSTOMER, PERSON, Examples

_MERGE = {
    "merge_id": "01a20063-15e2-7a90-b7c4-2f81d05b6e39",
    "survivor_id": CUSTOMER,
    "retired_id": OTHER_CUSTOMER,
    "at": "2026-11-21T08:30:00Z",
}
_SPLIT = {
    "split_id": "01a20063-9b07-7e1d-a2f5-84c60e9d173a",
    "customer_id": CUSTOMER,
    "new_id": OTHER_CUSTOMER,
}
_REVIEW = {
    "review_id": "01a20062-40cb-7d68-93ab-e0517f2c8b46",
    "status": "open",
    "reasons": ["no_document_evidence"],
    "score": 0.981204417,
    "model": MODEL,
    "opened_at": "2026-11-21T08:30:00Z",
    "assigned_to": None,
    "decision": None,
    "decided_by": None,
    "decided_at": None,
}
_DECIDED = {
    **_REVIEW,
    "status": "decided",
    "assigned_to": "li",
    "decision": "not_same",
    "decided_by": "li",
    "decided_at": "2026-11-21T09:00:00Z",
}
_OF_THE_HOSPITAL = {
    "source_system": "medical",
    "local_id": "P000123",
    "elements": PERSON,
    "deceased": False,
    "verification": "card_read",
    "updated_at": "2026-10-02T01:15:00Z",
}
_OF_THE_HOME = {
    "source_system": "elder_care",
    "local_id": "E000123",
    "elements": {**PERSON, "id_type": None, "id_number": None},
    "deceased": False,
    "verification": "self_reported",
    "updated_at": "2026-11-21T08:30:00Z",
}
_CASE = {
    **_REVIEW,
    "priority": "high",
    "customer": {"customer_id": OTHER_CUSTOMER, "records": [_OF_THE_HOME]},
    "candidate": {"customer_id": CUSTOMER, "records": [_OF_THE_HOSPITAL]},
    "comparison": {
        "score": 0.981204417,
        "weight": 25.706,
        "flags": [],
        "doubts": ["no_document_evidence"],
        "steps": [
            {"element": "name", "level": "same", "weight": 11.312, "why": "same name"},
            {"element": "gender", "level": "same", "weight": 0.982, "why": "same gender"},
            {"element": "birth_date", "level": "same", "weight": 13.412, "why": "same birth date"},
            {
                "element": "document",
                "level": "missing",
                "weight": 0.0,
                "why": "document number missing on one side",
            },
        ],
    },
}

EXAMPLES: Examples = {
    "merge_customers": {
        "request": {
            "one_person": {"survivor_id": CUSTOMER, "retired_id": OTHER_CUSTOMER, "reason": "same passport"}
        },
        "201": {"merged": _MERGE},
    },
    "undo_merge": {
        "request": {"two_people": {"reason": "twins"}},
        "200": {"undone": {**_MERGE, "at": "2026-11-22T02:10:00Z"}},
    },
    "split_customer": {
        "request": {
            "somebody_else": {
                "records": [{"source_system": "medical", "local_id": "P000124"}],
                "reason": "another patient of the same ward",
            }
        },
        "201": {"split": _SPLIT},
    },
    "list_reviews": {
        "200": {"page": {"items": [_CASE], "next": None}, "nothing_to_do": {"items": [], "next": None}}
    },
    "decide_review": {
        "request": {
            "same": {"decision": "same", "reason": "the home has sent a copy of the card"},
            "not_same": {"decision": "not_same", "reason": "called the ward"},
            "later": {"decision": "later", "reason": "nobody answers"},
        },
        "200": {"decided": _DECIDED, "later": {**_DECIDED, "status": "later", "decision": "later"}},
    },
    "assign_review": {
        "request": {"mine": {"assigned_to": "li"}, "back_to_the_queue": {"assigned_to": None}},
        "200": {"assigned": {**_REVIEW, "assigned_to": "li"}},
    },
}
