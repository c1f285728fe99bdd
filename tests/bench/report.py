"""The figures as a table on the screen and as JSON."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from tests.bench.measure import Measured, Schedule
from tests.bench.site import Site


def show(measured: Sequence[Measured], site: Site, console: Console) -> None:
    """A line for each endpoint: medians, and the spread of the requests a second."""
    table = Table(title=f"{len(site.people):,} customers, workers: {site.workers}")
    table.add_column("endpoint")
    for title in ("requests/s", "spread", "p50 ms", "p95 ms", "p99 ms", "CPU ms", "PostgreSQL", "ratio"):
        table.add_column(title, justify="right")
    for one in measured:
        rates = one.of("per_second")
        table.add_row(
            one.name,
            f"{median(rates):,.0f}",
            f"{min(rates):,.0f}-{max(rates):,.0f}",
            *(_text(one.typical(name)) for name in ("p50", "p95", "p99", "processor", "postgres")),
            _text(median(one.ratios)) if one.ratios else "1.00",
        )
    console.print(table)
    rate = site.imported.rows / site.imported.seconds
    console.print(f"import: {site.imported.rows:,} rows, {rate:,.0f} rows/s")


def write(path: Path, measured: Sequence[Measured], site: Site, schedule: Schedule) -> None:
    """Every run, with what it ran on."""
    document = {
        "machine": {"cores": os.cpu_count(), "processor": platform.processor() or platform.machine()},
        "python": platform.python_version(),
        "postgresql": site.server.settings,
        "customers": len(site.people),
        "workers": site.workers,
        "connections": schedule.connections,
        "seconds": schedule.seconds,
        "import": asdict(site.imported),
        "endpoints": {
            one.name: {"ratios": one.ratios, "runs": [asdict(r) for r in one.runs]} for one in measured
        },
    }
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def _text(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
