"""Pages of records on the wire."""

from collections.abc import Mapping
from typing import Any

from app.health_data_center.cursor import Position, decode, encode
from app.health_data_center.field_errors import FieldError
from app.health_data_center.problems import invalid_input
from app.health_data_center.record_store import Page, StoredRecord
from app.health_data_center.records.fields import format_moment


def page_out(page: Page) -> dict[str, Any]:
    """`{"items": […], "next": cursor or null}`."""
    return {
        "items": [_record_out(record) for record in page.items],
        "next": encode(page.next) if page.next else None,
    }


def position(cursor: str | None, field: str) -> Position | None:
    """Where to go on. Raises `Problem` naming the field."""
    if cursor is None:
        return None
    try:
        return decode(cursor)
    except ValueError:
        expected = "the `next` of an earlier answer"
        raise invalid_input([FieldError(field, "cursor", expected)]) from None


def _record_out(record: StoredRecord) -> Mapping[str, Any]:
    return {
        "record_id": record.record_id,
        "customer_id": record.customer_id,
        "domain": record.domain,
        "kind": record.kind,
        "source_system": record.source_system,
        "source_id": record.source_id,
        "occurred_at": format_moment(record.occurred_at),
        **({"sensitivity": record.sensitivity} if record.sensitivity else {}),
        **record.facts,
    }
