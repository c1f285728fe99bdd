"""The time, from the machine."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class SystemClock:
    """`timezone` is where "today" is asked for."""

    timezone: ZoneInfo

    def now(self) -> datetime:
        """The time in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """The calendar day in `timezone`."""
        return datetime.now(self.timezone).date()
