"""`python -m tests.bench.memory`: what workers hold after many requests, and how collections pause them."""

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from tests.bench.endpoints import Endpoints
from tests.bench.load import Figures, find_k6, run_load
from tests.bench.processes import BenchFailed, family, workers_of
from tests.bench.site import Site, site

WATCHED = Path(__file__).with_name("watched")
_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Pauses:
    """The collections of one worker while it served; seconds."""

    pid: int
    seconds: list[float]
    oldest: list[float]


def main() -> int:
    """The exit status."""
    options = _options()
    console = Console()
    try:
        find_k6()
        with TemporaryDirectory(prefix="cdc-bench-pauses-") as directory:
            watch = {"PYTHONPATH": f"{WATCHED}{os.pathsep}{Path.cwd()}", "BENCH_PAUSES": directory}
            with site(options.customers, watch) as measured_site:
                _measure(measured_site, options.requests, options.connections, Path(directory), console)
    except BenchFailed as failed:
        console.print(f"bench: {failed}", style="red", markup=False)
        return 1
    return 0


def _measure(where: Site, requests: int, connections: int, directory: Path, console: Console) -> None:
    table = Table(title="resident memory of the workers")
    for title in ("requests", "MiB", "p50 ms", "p99 ms", "longest ms"):
        table.add_column(title, justify="right")
    endpoint = next(e for e in Endpoints(where).measured() if e.name == "one-typo match")
    pids = workers(where)
    for pid in pids:
        Path(directory, f"{pid}.txt").write_text("")
    done, number = 0, 0
    table.add_row("0", _resident(pids), "", "", "")
    while done < requests:
        figures = run_load(endpoint.calls(number), connections, 20, [], None)
        done, number = done + figures.requests, number + 1
        table.add_row(f"{done:,}", _resident(pids), *_latencies(figures))
        console.print(f"{done:,} of {requests:,} requests, {_resident(pids)} MiB")
    console.print(table)
    for pid in pids:
        _show(read_pauses(directory, pid), done / len(pids), console)


def workers(where: Site) -> list[int]:
    """The processes that answer."""
    return [p.pid for p in workers_of(where.cdc.process.pid)]


def read_pauses(directory: Path, pid: int) -> Pauses:
    """What a worker noted."""
    lines = [line.split() for line in Path(directory, f"{pid}.txt").read_text().splitlines()]
    noted = [(generation, float(seconds)) for generation, seconds in lines]
    return Pauses(pid, [s for _, s in noted], [s for generation, s in noted if generation == "2"])


def _resident(pids: list[int]) -> str:
    members = (process for pid in pids for process in family(pid)[:1])
    return "  ".join(f"{process.memory_info().rss / _MEBIBYTE:.1f}" for process in members)


def _latencies(figures: Figures) -> list[str]:
    return [f"{value:.2f}" for value in (figures.p50, figures.p99, figures.longest)]


def _show(pauses: Pauses, requests: float, console: Console) -> None:
    total, longest = sum(pauses.seconds), max(pauses.seconds, default=0.0)
    console.print(
        f"worker: {len(pauses.seconds):,} collections in about {requests:,.0f} requests, "
        f"{1000 * total / requests:.4f} ms a request, longest {1000 * longest:.1f} ms; "
        f"{len(pauses.oldest)} of the oldest generation, "
        f"longest {1000 * max(pauses.oldest, default=0):.1f} ms"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.memory", description=__doc__)
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--requests", type=int, default=200_000)
    parser.add_argument("--connections", type=int, default=16)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
