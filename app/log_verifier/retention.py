"""Which events may be missing: those of months whose retention the log itself says is over.

Retention drops whole months and writes an event of it (kind `retention`; `before` in its detail is the
beginning of the oldest month that is kept). That event stands in the log behind what it explains, and is
sealed like any other. So a missing event is noted, one for each month of the IDs, and judged at the end.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from app.log_verifier.note import NotVerified

LEAST = timedelta(days=181)
"""The six months that no retention may cut into, at their shortest."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_MONTHS = 12_000


class Retained:
    """What is missing, and what the log says of it."""

    def __init__(self) -> None:
        self.dropped = 0
        self.since: datetime | None = None
        self._missing: dict[str, str] = {}
        self._unproved: list[str] = []

    def missing(self, event_id: str, named: str) -> None:
        """A leaf whose event is not there. Raises `NotVerified` for more months than there were."""
        self.dropped += 1
        month = f"{_made(event_id):%Y-%m}"
        if month not in self._missing:
            if len(self._missing) == _MOST_MONTHS:
                raise NotVerified(f"{named} is missing, and so are events of {_MOST_MONTHS} other months")
            self._missing[month] = f"{named} is missing"
            self._unproved.append(month)

    def declared(self, event: Mapping[str, Any]) -> None:
        """An event of retention. Raises `NotVerified` where it reaches further than any may."""
        before = datetime.fromisoformat(json.loads(event["detail"])["before"])
        at = datetime.fromisoformat(event["at"])
        if before > at - LEAST or before != before.replace(day=1, hour=0, minute=0, second=0, microsecond=0):
            raise NotVerified(f"the retention of {event['at']} drops events that must be kept")
        self.since = max(before, self.since or before)

    def proved(self, interval: str) -> None:
        """A checkpoint has signed everything so far."""
        for month in self._unproved:
            self._missing[month] += f" (its leaf hash is the one that was signed; {interval})"
        self._unproved.clear()

    def unexplained(self) -> str | None:
        """The first missing event that no retention explains; None where there is none."""
        since = f"{self.since:%Y-%m}" if self.since else ""
        return next((named for month, named in self._missing.items() if month >= since), None)


def _made(event_id: str) -> datetime:
    """When a UUIDv7 was made. Raises `ValueError` for an ID that no clock made."""
    try:
        return _EPOCH + timedelta(milliseconds=UUID(event_id).int >> 80)
    except OverflowError:
        raise ValueError("an ID from beyond the calendar") from None
