"""What one client did in a stretch of time, counted.

Whole blocks of the sealed log are counted by their posting lists, without a look at any event; what lies
behind the last block, or in a block at the edge of the time, event by event.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from operator import itemgetter

from app.core.audit.activity import REFUSALS
from app.core.audit.event import Kind
from app.core.audit.postings import as_bits, look_of, mark_of, marks_in

_A_DAY = timedelta(days=1)
_EMERGENCY = (Kind.ACCESS.value, "permit", "ETREAT")
"""Kind, outcome and purpose of an access in an emergency."""


@dataclass(frozen=True, slots=True)
class Deed:
    """As much of an event as is counted."""

    at: datetime
    kind: str
    outcome: str
    client_id: str
    customer_id: str | None
    domains: tuple[str, ...]
    purpose: str | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListedBlock:
    """A block that lies in the time as a whole. `mine`: the client's places in it; `lists`: term → places;
    `marks`: whom the client looked at; `times`: when, for each of the client's places, where they are not all
    of the day of `first_at`."""

    first_at: datetime
    mine: bytes
    lists: Mapping[str, bytes]
    marks: bytes
    times: Mapping[int, datetime]


@dataclass(frozen=True, slots=True)
class Day:
    """Events of a day, and how many of them were refusals."""

    day: date
    events: int
    denials: int


@dataclass(frozen=True, slots=True)
class ClientActivity:
    """`events` are lines of the log: one that folds repeats counts once. `outcomes` by kind and outcome;
    `domains` and `denial_reasons` count an event for each that it names. `customers`: how many different ones
    were looked at. `first_at` and `last_at`, to the millisecond, are None where there is no event."""

    events: int
    denials: int
    emergencies: int
    customers: int
    first_at: datetime | None
    last_at: datetime | None
    days: tuple[Day, ...]
    outcomes: Mapping[tuple[str, str], int]
    purposes: Mapping[str, int]
    domains: Mapping[str, int]
    denial_reasons: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts block by block and event by event; days are those of `zone`."""

    zone: tzinfo
    days: Counter[date] = field(default_factory=Counter)
    denied_days: Counter[date] = field(default_factory=Counter)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    named: Counter[tuple[str, str]] = field(default_factory=Counter)
    customers: set[int] = field(default_factory=set)
    times: set[datetime] = field(default_factory=set)
    """The earliest and the latest one so far."""

    def add_event(self, deed: Deed) -> None:
        """One event of the client."""
        day = deed.at.astimezone(self.zone).date()
        denied = deed.outcome in REFUSALS
        self.days[day] += 1
        self.denied_days[day] += denied
        self.outcomes[deed.kind, deed.outcome] += 1
        self.named.update(("domain", domain) for domain in set(deed.domains))
        self.named.update(("reason", reason) for reason in set(deed.reasons) if denied)
        if deed.purpose is not None:
            self.named["purpose", deed.purpose] += 1
        self.named["emergency", ""] += (deed.kind, deed.outcome, deed.purpose) == _EMERGENCY
        look = look_of(deed.client_id, deed.customer_id, deed.kind, deed.outcome)
        if look is not None:
            self.customers.add(mark_of(look[1]))
        self._note(deed.at, deed.at)

    def add_block(self, block: ListedBlock) -> None:
        """All of the client's events in a block."""
        mine = as_bits(block.mine)
        bits = {_named(term): as_bits(places) & mine for term, places in block.lists.items()}
        kinds = {word: found for (name, word), found in bits.items() if name == "kind" and found}
        ends = {word: found for (name, word), found in bits.items() if name == "outcome" and found}
        for kind, of_kind in kinds.items():
            for outcome, ended in ends.items():
                self.outcomes[kind, outcome] += (of_kind & ended).bit_count()
        denied = 0
        for outcome in REFUSALS:
            denied |= ends.get(outcome, 0)
        for (name, code), found in bits.items():
            if name in ("domain", "purpose", "reason"):
                self.named[name, code] += (found & denied if name == "reason" else found).bit_count()
        kind, outcome, purpose = _EMERGENCY
        urgent = bits.get(("purpose", purpose), 0) & kinds.get(kind, 0) & ends.get(outcome, 0)
        self.named["emergency", ""] += urgent.bit_count()
        self.customers.update(marks_in(block.marks))
        self._add_days(block, mine, denied)

    def _add_days(self, block: ListedBlock, mine: int, denied: int) -> None:
        if not block.times:
            day = block.first_at.astimezone(self.zone).date()
            self.days[day] += mine.bit_count()
            self.denied_days[day] += denied.bit_count()
            return
        ordered = sorted(block.times.items(), key=itemgetter(1))
        day, midnight = date.min, ordered[0][1]
        for place, at in ordered:
            if at >= midnight:
                day = at.astimezone(self.zone).date()
                midnight = datetime.combine(day + _A_DAY, time.min, self.zone).astimezone(UTC)
            self.days[day] += 1
            self.denied_days[day] += denied >> place & 1
        self._note(ordered[0][1], ordered[-1][1])

    def _note(self, first: datetime, last: datetime) -> None:
        every = self.times | {first, last}
        self.times.clear()
        self.times.update((min(every), max(every)))

    def result(self) -> ClientActivity:
        """What was counted."""
        return ClientActivity(
            events=self.days.total(),
            denials=self.denied_days.total(),
            emergencies=self.named["emergency", ""],
            customers=len(self.customers),
            first_at=min(self.times, default=None),
            last_at=max(self.times, default=None),
            days=tuple(Day(day, count, self.denied_days[day]) for day, count in sorted(self.days.items())),
            outcomes={key: count for key, count in self.outcomes.most_common() if count},
            purposes=self._of("purpose"),
            domains=self._of("domain"),
            denial_reasons=self._of("reason"),
        )

    def _of(self, name: str) -> dict[str, int]:
        return {code: count for (n, code), count in self.named.most_common() if n == name and count}


def _named(term: str) -> tuple[str, str]:
    name, _, word = term.partition("=")
    return name, word
