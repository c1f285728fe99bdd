"""The runs: each endpoint between two runs of the reference, so that both meet the same machine."""

from dataclasses import dataclass
from statistics import mean, median

from rich.progress import Progress

from tests.bench.endpoints import Endpoint, Endpoints
from tests.bench.load import Figures, run_load
from tests.bench.site import Site


@dataclass(frozen=True, slots=True)
class Schedule:
    """`seconds` of load a run, `rounds` runs of each endpoint; `only` these endpoints, where it names any."""

    connections: int
    seconds: float
    rounds: int
    only: frozenset[str]


@dataclass(frozen=True, slots=True)
class Measured:
    """All runs of one endpoint; `ratios`: requests a second relative to the reference around each run."""

    name: str
    runs: list[Figures]
    ratios: list[float]

    def of(self, figure: str) -> list[float]:
        """One figure of all runs."""
        return [value for run in self.runs if (value := getattr(run, figure)) is not None]

    def typical(self, figure: str) -> float | None:
        """Its median."""
        values = self.of(figure)
        return median(values) if values else None


def measure(site: Site, schedule: Schedule, progress: Progress) -> list[Measured]:
    """The reference first, then the others. Raises `BenchFailed`."""
    endpoints = Endpoints(site)
    reference = endpoints.reference()
    others = [e for e in endpoints.measured() if not schedule.only or e.name in schedule.only]
    found = {e.name: Measured(e.name, [], []) for e in (reference, *others)}
    task = progress.add_task("measuring", total=schedule.rounds * (2 * len(others) + 1))

    def run(endpoint: Endpoint, number: int) -> Figures:
        progress.update(task, description=endpoint.name)
        pids = [service.process.pid for service in endpoint.services]
        calls = endpoint.calls(number)
        figures = run_load(calls, schedule.connections, schedule.seconds, pids, site.server.pid)
        progress.advance(task)
        found[endpoint.name].runs.append(figures)
        return figures

    for number in range(schedule.rounds):
        before = run(reference, number)
        for endpoint in others:
            figures, after = run(endpoint, number), run(reference, number)
            around = mean((before.per_second, after.per_second))
            found[endpoint.name].ratios.append(figures.per_second / around)
            before = after
    return list(found.values())
