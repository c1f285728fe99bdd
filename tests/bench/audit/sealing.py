"""What sealing costs a match: the same service with it and without it, in turns."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Any

from tests.bench import postgres
from tests.bench.endpoints import Endpoints
from tests.bench.load import Figures, run_load
from tests.bench.processes import BenchFailed
from tests.bench.site import Site, running, site

_UNSEALED = "SELECT (SELECT count(*) FROM audit_events) - (SELECT count(*) FROM audit_leaves)"
_UNLISTED = (
    "SELECT coalesce((SELECT max(size) FROM audit_checkpoints), 0) / 4096 - count(*) FROM audit_blocks"
)
_OFF, _ON = {"CDC_SEAL_SECONDS": "0"}, {"CDC_SEAL_SECONDS": "10"}
_CAUGHT_UP_WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class Round:
    """The same load without sealing and with it; `backlog`: events that waited at the end of the second."""

    off: Figures
    on: Figures
    backlog: int


def measure(
    customers: int, connections: int, seconds: float, rounds: int, progress: Callable[[str], object]
) -> list[Round]:
    """Raises `BenchFailed`."""
    found = []
    with site(customers) as where:
        where.cdc.stop()
        for number in range(rounds):
            pair = {}
            # Who is first changes from round to round.
            for on in (False, True) if number % 2 else (True, False):
                pair[on] = _run(where, number, connections, seconds, on=on)
            found.append(Round(pair[False][0], pair[True][0], pair[True][1]))
            without, sealed = (pair[on][0].per_second for on in (False, True))
            progress(f"round {number + 1} of {rounds}: {without:.0f} matches/s without, {sealed:.0f} with")
    return found


def _run(where: Site, number: int, connections: int, seconds: float, *, on: bool) -> tuple[Figures, int]:
    environment = {**where.environment, **(_ON if on else _OFF)}
    with running("cdc", environment, where.directory) as service:
        here = replace(where, cdc=service)
        if on:
            _catch_up(where)
        calls = next(e for e in Endpoints(here).measured() if e.name == "exact match").calls(number)
        figures = run_load(calls, connections, seconds, [service.process.pid], where.server.pid)
        return figures, _waiting(where)


def _catch_up(where: Site) -> None:
    """What was written without sealing is not to be paid for by the run with it: neither its leaves nor its
    lists."""
    deadline = time.monotonic() + _CAUGHT_UP_WITHIN
    while _waiting(where) or _count(where, _UNLISTED):
        if time.monotonic() > deadline:
            raise BenchFailed("sealing did not catch up")
        time.sleep(0.5)


def _waiting(where: Site) -> int:
    return _count(where, _UNSEALED)


def _count(where: Site, query: str) -> int:
    return int(postgres.fetch(where.environment["CDC_DATABASE_URL"], query)[0][0])


def summary(rounds: list[Round]) -> dict[str, Any]:
    """Ratios with sealing to without: the median and the spread; and, to tell a cost from noise, those of
    runs without sealing to the run without it before."""
    return {
        "ratios": _ratios([(one.on, one.off) for one in rounds]),
        "noise": _ratios([(later.off, earlier.off) for earlier, later in pairwise(rounds)]),
        "rounds": [{"off": asdict(r.off), "on": asdict(r.on), "backlog": r.backlog} for r in rounds],
    }


def _ratios(pairs: list[tuple[Figures, Figures]]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for name in ("per_second", "p50", "p95", "p99", "processor", "postgres"):
        values = [getattr(one, name) / getattr(other, name) for one, other in pairs if getattr(other, name)]
        if values:
            found[name] = {"median": median(values), "least": min(values), "most": max(values)}
    return found
