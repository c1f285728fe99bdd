"""The canonical bytes of an event as it is stored: what the log's tree is built over.

A JSON object in the form of RFC 8785 (JCS): names sorted, no white space, UTF-8, only what must be escaped is
escaped. Its members are `v`, the version of this form, and every column of the stored row that is not NULL,
under the column's name:

- a number is a JSON number (whole numbers alone occur);
- a text is a string; of the columns with JSON (`domains`, `reasons`, `detail`) the very text that was stored;
- a UUID is its 36 characters in lower case;
- an instant is RFC 3339 in UTC with six digits of seconds: `2026-11-21T08:30:00.000000Z`;
- bytes (what is encrypted stays encrypted) are base64 with padding (RFC 4648, section 4).

A column that is NULL is left out, so that a column added later changes nothing of the events before it.
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

VERSION = 1

Stored = str | int | bytes | UUID | datetime | None
"""What a column of the log may hold."""
Form = Mapping[str, str | int]
"""The canonical object, before it is written as bytes."""

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode


def canonical_form(columns: Mapping[str, Stored]) -> dict[str, str | int]:
    """The canonical object of a stored row. Raises `ValueError` for an instant without a time zone."""
    written = {name: _written(value) for name, value in columns.items() if value is not None}
    return {"v": VERSION, **written}


def canonical_bytes(form: Form) -> bytes:
    """The canonical object as bytes: the leaf's data in the sense of RFC 6962."""
    return _encode(form).encode()


def _written(value: str | int | bytes | UUID | datetime) -> str | int:
    match value:
        case str() | int():
            return value
        case bytes():
            return b64encode(value).decode()
        case UUID():
            return str(value)
        case datetime(tzinfo=None):
            raise ValueError("an instant needs a time zone")
        case datetime():
            return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
