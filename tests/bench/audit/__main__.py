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
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from app.adapters.crypto.key_file import generate_keys
from app.adapters.crypto.keys import KeyRing, key_ring
from app.adapters.db import migrate
from app.adapters.db.database import open_database
from app.core.audit.postings import BLOCK
from tests.bench import postgres
from tests.bench.audit import sealing, search, verification
from tests.bench.audit.fill import fill, seal_in_place
from tests.bench.audit.progress import Progress
from tests.bench.processes import BenchFailed, run

_CUSTOMERS = (
    "SELECT DISTINCT customer_id FROM audit_events TABLESAMPLE SYSTEM ({share}) WHERE customer_id <> ''"
)
_SAMPLE = 1_000
_STREAMED = 100_000
_SINCE = (
    "SELECT min(at), count(*) FROM"
    f" (SELECT at FROM audit_events ORDER BY event_id DESC LIMIT {_STREAMED}) AS newest"
)
_AUDITOR = ("--client-id", "auditor", "--scopes", "audit:read")
_ZONE = ZoneInfo("Asia/Shanghai")
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
    progress = Progress(console)
    with postgres.server() as server, postgres.databases(server) as databases:
        url, keys = databases["cdc"], key_ring(generate_keys())
        with postgres.hurried(server):
            migrate.upgrade(url)
            fill(url, events, lambda share: progress.share("filled", share, 1))
            seal_in_place(url)
            progress.say("sealed in place")
            indexed = asyncio.run(
                verification.index_all(url, keys, lambda n: progress.share("indexed", n, events // BLOCK))
            )
            postgres.execute(url, "VACUUM ANALYZE")
        customers = [row[0] for row in postgres.fetch(url, _CUSTOMERS.format(share=_share(events)))]
        timed, done = asyncio.run(_pages(url, keys, customers, rounds, progress))
    figures = _shown(timed, events, console)
    for one in done:
        middle = search.percentile(one.took, 0.5)
        text = f"what {one.name} ({one.found:,} events): {middle:.0f} ms, the slowest {max(one.took):.0f}"
        console.print(text, highlight=False)
    return {
        "events": events,
        "indexing": asdict(indexed),
        **figures,
        "activity": [asdict(one) for one in done],
    }


def _share(events: int) -> float:
    """The share of the table, in per cent, that holds about so many events as customers are wanted."""
    return min(100.0, 100 * _SAMPLE / events)


async def _pages(
    url: str, keys: KeyRing, customers: list[str], rounds: int, progress: Progress
) -> tuple[list[search.Timed], list[search.Timed]]:
    database = open_database(url, keys)
    try:
        pages = await search.measure(
            database.units, customers, rounds, lambda n: progress.say(f"asked for every page, round {n}")
        )
        return pages, await search.measure_activity(database.units, _ZONE, rounds)
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
    document, progress = generate_keys(), Progress(console)
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
        with postgres.hurried(server):
            migrate.upgrade(url)
            fill(url, events, lambda share: progress.share("filled", share, 1))
        steps: dict[str, verification.Step] = {}

        def done(name: str, step: verification.Step, count: int = events) -> None:
            steps[name] = step
            progress.say(
                f"{name:7} {count / step.seconds:8,.0f} events/s, {step.seconds:6.1f} s,"
                f" processor {step.processor:6.1f} s, peak {step.peak:6.1f} MiB"
            )

        sealing_all = verification.seal_all(
            url, key_ring(document), environment, lambda n: progress.share("sealed", n, events)
        )
        done("seal", asyncio.run(sealing_all))
        key = run(environment, "cdc", "audit", "key").strip()
        exported = str(place / "log.ndjson")
        done("export", verification.command(environment, "cdc", "audit", "export", exported))
        done("verify", verification.command(environment, "cdc", "audit", "verify", exported, "--key", key))
        made = run(environment, "cdc", "client", "create", *_AUDITOR, "--json")
        held = {}
        since, streamed = _newest(url)
        for form in ("ndjson", "csv"):
            asked = {"format": form, "from": since}
            secret = json.loads(made)["client_secret"]
            step, held[form] = verification.stream(environment, place, secret, asked)
            done(form, step, streamed)
    return {
        "events": events,
        "streamed": streamed,
        "held": held,
        **{name: asdict(step) for name, step in steps.items()},
    }


def _newest(url: str) -> tuple[str, int]:
    """Since when there are so many events as are streamed, and how many they are."""
    rows = postgres.fetch(url, _SINCE)
    return rows[0][0].isoformat(), rows[0][1]


def _sealing(customers: int, seconds: float, rounds: int, console: Console) -> dict[str, Any]:
    progress = Progress(console)
    found = sealing.summary(sealing.measure(customers, 16, seconds, rounds, progress.say))
    for title, key in (("sealing on / off", "ratios"), ("off / off before", "noise")):
        for name, one in found[key].items():
            text = f"{title}, {name:10}: {one['median']:.3f} ({one['least']:.3f}-{one['most']:.3f})"
            console.print(text, highlight=False)
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
