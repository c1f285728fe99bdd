"""Pages of a log at size: every filter alone and in pairs; the first page, one in the middle, by time."""

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from app.core.audit.event import EventFilter
from app.services.ports import Units
from tests.bench.audit.fill import GONE_CLIENT, RARE_CLIENT, RARE_REASON

PAGE = 101
"""A page of 100, and whether there is another."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Case:
    """`before`: a time behind which the page begins, as one in the middle does."""

    name: str
    which: EventFilter
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Timed:
    """`found` events of each page, and how long each took, in milliseconds."""

    name: str
    found: int
    took: list[float]


def cases(customers: list[str], seed: int = 3) -> list[Case]:
    """What is asked; a customer is another at each round, everything else is fixed."""
    now = datetime.now(UTC)
    words = {
        "client": [("client_id", "client-0"), ("client_id", RARE_CLIENT), ("client_id", GONE_CLIENT)],
        "kind": [("kind", "match"), ("kind", "client"), ("kind", "export")],
        "outcome": [("outcome", "ok"), ("outcome", "deny"), ("outcome", "refused")],
        "purpose": [("purpose", "TREAT"), ("purpose", "ETREAT"), ("purpose", "DECEASED-AFFAIRS")],
        "domain": [("domain", "medical"), ("domain", "funeral")],
        "reason": [("reason", "care_between_domains"), ("reason", RARE_REASON), ("reason", "never_given")],
    }
    times = {
        "last day": EventFilter(since=now - _DAY),
        "a week of half a year ago": EventFilter(since=now - 183 * _DAY, until=now - 176 * _DAY),
    }
    customer = EventFilter(customer_id=Random(seed).choice(customers))
    made = [Case("no filter", EventFilter()), Case("customer", customer)]
    made += [Case(name, which) for name, which in times.items()]
    single = [pair for several in words.values() for pair in several]
    made += [Case(_name(pair), _filter(pair)) for pair in single]
    for one, other in combinations(words.values(), 2):
        made += [Case(_name(a, b), _filter(a, b)) for a in one for b in other]
    made += [Case(f"customer, {_name(p)}", replace(customer, **_set(p))) for p in single]
    for name, bounds in times.items():
        made += [Case(f"{name}, {_name(p)}", replace(bounds, **_set(p))) for p in single]
    middle = now - 150 * _DAY
    made += [Case(f"{c.name}; middle", c.which, middle) for c in made if c.which.since is None]
    return made


def _set(*pairs: tuple[str, str]) -> dict[str, Any]:
    return dict(pairs)


def _filter(*pairs: tuple[str, str]) -> EventFilter:
    return EventFilter(**_set(*pairs))


def _name(*pairs: tuple[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in pairs)


async def measure(
    units: Units, customers: list[str], rounds: int, progress: Callable[[int], object]
) -> list[Timed]:
    """Each case once a round; the first round, which fills the caches, is not counted. `progress` is told how
    many rounds are done."""
    found: dict[str, Timed] = {}
    for number in range(rounds + 1):
        async for name, events, took in _round(units, cases(customers, number)):
            timed = found.setdefault(name, Timed(name, events, []))
            if number:
                timed.took.append(took)
        progress(number)
    return list(found.values())


async def _round(units: Units, asked: list[Case]) -> AsyncIterator[tuple[str, int, float]]:
    for case in asked:
        async with units() as unit:
            before = None
            if case.before is not None:
                # The cursor of a middle page: the newest event of any kind before that time.
                newest = await unit.events.list(EventFilter(until=case.before), None, 1)
                before = newest[0].event_id
            began = time.perf_counter()
            events = await unit.events.list(case.which, before, PAGE)
            yield case.name, len(events), 1000 * (time.perf_counter() - began)


async def measure_activity(units: Units, zone: ZoneInfo, rounds: int) -> list[Timed]:
    """What a client did, in 30 days and in a year; the first round is not counted."""
    found: dict[str, Timed] = {}
    now = datetime.now(UTC)
    for number in range(rounds + 1):
        for client_id in ("client-0", "client-30", RARE_CLIENT, GONE_CLIENT):
            for days in (30, 366):
                began = time.perf_counter()
                async with units() as unit:
                    done = await unit.activity.of_client(client_id, now - days * _DAY, now, zone)
                took = 1000 * (time.perf_counter() - began)
                timed = found.setdefault(f"{client_id}, {days} days", Timed("", done.events, []))
                if number:
                    timed.took.append(took)
    return [replace(timed, name=name) for name, timed in found.items()]


def percentile(values: list[float], share: float) -> float:
    """The smallest value that so great a share is not above."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
