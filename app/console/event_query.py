"""The filters of the access log as they stand in an address: the API's own names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from app.core.access.scope import Domain, Purpose
from app.core.audit.event import EventFilter, Kind

FIELDS = ("kind", "outcome", "client_id", "customer_id", "purpose", "domain", "reason", "from", "to")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(sorted(Kind)),
    "purpose": tuple(Purpose),
    "domain": tuple(Domain),
}
_WORD = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


@dataclass(frozen=True, slots=True)
class EventQuery:
    """What was asked for: `given` as it stands in the form, `which` as it was understood, `faults` the fields
    that could not be."""

    given: Mapping[str, str]
    which: EventFilter
    faults: tuple[str, ...] = field(default=())

    @property
    def address(self) -> str:
        """The filters for an address, `&` before each; a fault is not carried on."""
        kept = {name: value for name, value in self.given.items() if value and name not in self.faults}
        return "".join(f"&{urlencode({name: value})}" for name, value in kept.items())

    @property
    def active(self) -> bool:
        """Whether anything is filtered."""
        return any(self.given.values())


def read_query(parameters: Mapping[str, str], timezone: ZoneInfo) -> EventQuery:
    """Reads the filters; one that cannot be read is named, and filters nothing."""
    given = {name: parameters.get(name, "").strip() for name in FIELDS}
    moments = {name: _moment(given[name], timezone) for name in ("from", "to")}
    words = {name: _word(name, value) for name, value in given.items() if name not in moments}
    which = EventFilter(**words, since=moments["from"], until=moments["to"])
    read = {**words, **moments}
    return EventQuery(given, which, tuple(name for name in FIELDS if given[name] and read[name] is None))


def _word(name: str, value: str) -> str | None:
    if name in CHOICES:
        return value if value in CHOICES[name] else None
    return value if _WORD.fullmatch(value) else None


def _moment(value: str, timezone: ZoneInfo) -> datetime | None:
    """What the browser's field gives, in the installation's time zone, or RFC 3339."""
    try:
        moment = datetime.fromisoformat(value)
        return moment if moment.tzinfo else moment.replace(tzinfo=timezone)
    except ValueError:
        return None


def read_uuid(text: str | None) -> UUID | None:
    """An ID from an address, or None."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
