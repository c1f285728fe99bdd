"""Load from outside: k6 with as many connections as it is told, each asking again when it is answered."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.processes import BenchFailed, processor_seconds

SCRIPT = Path(__file__).with_name("load.js")


@dataclass(frozen=True, slots=True)
class Calls:
    """What is asked of one endpoint. Each item: `path` behind `url`, `body` (text), `token` (a whole
    Authorization header), each where it differs from call to call."""

    method: str
    url: str
    headers: dict[str, str]
    items: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Figures:
    """One run. Latencies in milliseconds; processor time in milliseconds for each request, ours and
    PostgreSQL's (None where its processes are not on this machine)."""

    requests: int
    per_second: float
    p50: float
    p95: float
    p99: float
    longest: float
    processor: float
    postgres: float | None


def find_k6() -> str:
    """The load generator of this environment, or the one on PATH. Raises `BenchFailed`."""
    own = Path(sys.executable).with_name("k6")
    found = str(own) if own.exists() else shutil.which("k6")
    if found is None:
        raise BenchFailed("k6 is missing; `make bench` installs it")
    return found


def run_load(
    calls: Calls, connections: int, seconds: float, pids: Iterable[int], postgres: int | None
) -> Figures:
    """Raises `BenchFailed` where any answer was not 200."""
    pids = list(pids)
    servers = [postgres] if postgres is not None else []
    before, before_postgres = processor_seconds(pids), processor_seconds(servers)
    metrics = _run_k6(calls, connections, seconds)
    ours = processor_seconds(pids) - before
    theirs = processor_seconds(servers) - before_postgres
    count, failed = metrics["http_reqs"]["count"], metrics["http_req_failed"]["passes"]
    if failed or not count:
        raise BenchFailed(f"{failed} of {count} requests to {calls.url} were not answered with 200")
    took = metrics["http_req_duration"]
    return Figures(
        requests=count,
        per_second=metrics["http_reqs"]["rate"],
        p50=took["med"],
        p95=took["p(95)"],
        p99=took["p(99)"],
        longest=took["max"],
        processor=1000 * ours / count,
        postgres=1000 * theirs / count if servers else None,
    )


def _run_k6(calls: Calls, connections: int, seconds: float) -> dict[str, Any]:
    plan = {
        "method": calls.method,
        "url": calls.url,
        "headers": calls.headers,
        "connections": connections,
        "seconds": seconds,
    }
    with TemporaryDirectory(prefix="cdc-bench-") as directory:
        place = Path(directory)
        place.joinpath("plan.json").write_text(json.dumps(plan))
        place.joinpath("calls.json").write_text(json.dumps(calls.items))
        command = [find_k6(), "run", "--quiet", "--no-usage-report", "--log-output=none", "--address="]
        command += ["--env", f"PLAN={place / 'plan.json'}", "--env", f"CALLS={place / 'calls.json'}"]
        command += ["--summary-export", str(place / "summary.json"), str(SCRIPT)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds + 60)
        if done.returncode != 0:
            raise BenchFailed(f"k6 failed: {(done.stderr or done.stdout)[-800:]}")
        summary: dict[str, Any] = json.loads(place.joinpath("summary.json").read_text())
    metrics: dict[str, Any] = summary["metrics"]
    return metrics
