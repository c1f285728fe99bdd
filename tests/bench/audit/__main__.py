"""`python -m tests.bench.audit`: fills logs, then searches, seals, exports, verifies and streams them."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table

from app.adapters.crypto.key_file import generate_keys
from app.adapters.crypto.keys import KeyRing, key_ring
from app.adapters.db import migrate
from app.adapters.db.database import open_database
from tests.bench import postgres
from tests.bench.audit import sealing, search, verification
from tests.bench.audit.fill import fill, seal_in_place
from tests.bench.processes import BenchFailed, run

_CUSTOMERS = "SELECT DISTINCT customer_id FROM audit_events TABLESAMPLE SYSTEM (0.01) WHERE customer_id <> ''"
_AUDITOR = ("--client-id", "auditor", "--scopes", "audit:read")
PARTS = ("search", "whole", "sealing")


def main() -> int:
    """The exit status."""
    options = _options()
    console = Console()
    work: dict[str, Callable[[], Any]] = {
        "search": lambda: _search(options.events, options.rounds, console),
        "whole": lambda: _whole(options.whole, console),
        "sealing": lambda: _sealing(options.customers, options.seconds, options.rounds, console),
    }
    found: dict[str, Any] = {"load": os.getloadavg()}
    try:
        for part in options.only or PARTS:
            found[part] = work[part]()
            options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    except BenchFailed as failed:
        console.print(f"bench: {failed}", style="red", markup=False)
        return 1
    return 0


def _search(events: int, rounds: int, console: Console) -> dict[str, Any]:
    with postgres.server() as server, postgres.databases(server) as databases:
        url, keys = databases["cdc"], key_ring(generate_keys())
        migrate.upgrade(url)
        fill(url, events, lambda share: console.print(f"filled {share:.0%}"))
        seal_in_place(url)
        indexed = asyncio.run(verification.index_all(url, keys))
        postgres.execute(url, "VACUUM ANALYZE")
        customers = [row[0] for row in postgres.fetch(url, _CUSTOMERS)]
        timed = asyncio.run(_pages(url, keys, customers, rounds))
    return {"events": events, "indexing": asdict(indexed), **_shown(timed, events, console)}


async def _pages(url: str, keys: KeyRing, customers: list[str], rounds: int) -> list[search.Timed]:
    database = open_database(url, keys)
    try:
        return await search.measure(database.units, customers, rounds)
    finally:
        await database.close()


def _shown(timed: list[search.Timed], events: int, console: Console) -> dict[str, Any]:
    table = Table(title=f"pages of 100 of {events:,} events: the slowest, ms")
    for title in ("asked", "found", "median", "slowest"):
        table.add_column(title, justify="left" if title == "asked" else "right")
    for one in sorted(timed, key=lambda t: -max(t.took))[:20]:
        middle = search.percentile(one.took, 0.5)
        table.add_row(one.name, str(one.found), f"{middle:.1f}", f"{max(one.took):.1f}")
    console.print(table)
    every = [took for one in timed for took in one.took]
    figures = {f"p{share}": search.percentile(every, share / 100) for share in (50, 95, 99, 100)}
    console.print(f"{len(timed)} kinds of page: " + ", ".join(f"{n} {v:.1f} ms" for n, v in figures.items()))
    return {"all": figures, "pages": [asdict(one) for one in timed]}


def _whole(events: int, console: Console) -> dict[str, Any]:
    document = generate_keys()
    with (
        TemporaryDirectory(prefix="cdc-bench-log-") as directory,
        postgres.server() as server,
        postgres.databases(server) as databases,
    ):
        url, place = databases["cdc"], Path(directory)
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("CDC_", "HDC_"))},
            "CDC_DATABASE_URL": url,
            "CDC_DATA_DIR": directory,
            "CDC_KEYS": json.dumps(document),
            "CDC_PORT": "18431",
        }
        migrate.upgrade(url)
        fill(url, events, lambda share: console.print(f"filled {share:.0%}"))
        steps: dict[str, verification.Step] = {}

        def done(name: str, step: verification.Step) -> None:
            steps[name] = step
            console.print(
                f"{name:7} {events / step.seconds:8,.0f} events/s, {step.seconds:6.1f} s,"
                f" processor {step.processor:6.1f} s, peak {step.peak:6.1f} MiB"
            )

        done("seal", asyncio.run(verification.seal_all(url, key_ring(document), environment)))
        key = run(environment, "cdc", "audit", "key").strip()
        exported = str(place / "log.ndjson")
        done("export", verification.command(environment, "cdc", "audit", "export", exported))
        done("verify", verification.command(environment, "cdc", "audit", "verify", exported, "--key", key))
        made = run(environment, "cdc", "client", "create", *_AUDITOR, "--json")
        held = {}
        for form in ("ndjson", "csv"):
            step, held[form] = verification.stream(
                environment, place, json.loads(made)["client_secret"], form
            )
            done(form, step)
    return {"events": events, "held": held, **{name: asdict(step) for name, step in steps.items()}}


def _sealing(customers: int, seconds: float, rounds: int, console: Console) -> dict[str, Any]:
    found = sealing.summary(sealing.measure(customers, 16, seconds, rounds))
    for name, ratio in found["ratios"].items():
        console.print(
            f"sealing on / off, {name:10}: {ratio['median']:.3f} ({ratio['least']:.3f}-{ratio['most']:.3f})"
        )
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.audit", description=__doc__)
    parser.add_argument("--events", type=int, default=10_000_000, help="of the log that is searched")
    parser.add_argument("--whole", type=int, default=1_000_000, help="of the log that is verified")
    parser.add_argument("--customers", type=int, default=10_000, help="of the service that seals")
    parser.add_argument("--seconds", type=float, default=8, help="of load in one run")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", action="append", choices=PARTS)
    parser.add_argument("--json", type=Path, default=Path("bench-audit.json"))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
