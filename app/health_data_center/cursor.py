"""Where a page ended, as an opaque word for the caller."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Position:
    """The last record given out: the next page begins after it."""

    occurred_at: datetime
    record_id: str


def encode(position: Position) -> str:
    """URL-safe."""
    text = f"{position.occurred_at.astimezone(UTC).isoformat()}|{position.record_id}"
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def decode(cursor: str) -> Position:
    """Raises `ValueError` for anything that `encode` cannot have made."""
    text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    moment, _, record_id = text.partition("|")
    position = Position(datetime.fromisoformat(moment), str(UUID(record_id)))
    # Another offset is none of ours, and at either end of the calendar it cannot even be brought to UTC.
    if position.occurred_at.utcoffset() != timedelta(0) or encode(position) != cursor:
        raise ValueError("not a cursor")
    return position
