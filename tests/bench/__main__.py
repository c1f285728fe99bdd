"""`python -m tests.bench`."""

import argparse
import os
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from tests.bench import report
from tests.bench.load import find_k6
from tests.bench.measure import Schedule, measure
from tests.bench.processes import BenchFailed
from tests.bench.site import WORKERS, site


def main() -> int:
    """The exit status."""
    options = _options()
    console = Console(stderr=True)
    schedule = Schedule(options.connections, options.seconds, options.rounds, frozenset(options.only or ()))
    try:
        find_k6()
        with site(options.customers, workers=options.workers) as measured_site:
            with Progress(console=console) as progress:
                measured = measure(measured_site, schedule, progress)
            report.show(measured, measured_site, Console())
            report.write(options.json, measured, measured_site, schedule)
    except BenchFailed as failed:
        console.print(f"bench: {failed}", style="red", markup=False)
        return 1
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    customers = int(os.environ.get("BENCH_CUSTOMERS") or 100_000)
    parser.add_argument("--customers", type=int, default=customers, help="BENCH_CUSTOMERS, or 100000")
    parser.add_argument("--workers", type=int, default=WORKERS, help="of the CDC and of the reference")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=5, help="of load in one run")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", action="append", help="this endpoint alone; may be given several times")
    parser.add_argument("--json", type=Path, default=Path("bench.json"))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
