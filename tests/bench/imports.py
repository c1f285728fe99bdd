"""`python -m tests.bench.imports`: how `cdc import` goes from an empty index on, at what cost."""

import argparse
import asyncio
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import psutil
from rich.console import Console
from rich.table import Table

from tests.bench import postgres
from tests.bench.people import make_people, write_rows
from tests.bench.processes import BIN, BenchFailed, family, run
from tests.bench.site import environment_for

STEP = 50_000
# Looking for the processes costs as much as importing a hundred rows.
_EVERY = 4.0
_MEBIBYTE = 1024 * 1024
# One decision a row, all of them new: the sequence counts rows without reading any.
_ROWS = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM identity_decisions_position_seq"


@dataclass(frozen=True, slots=True)
class Sample:
    """What was done `seconds` after the start, what it had cost, and what the import's processes held."""

    seconds: float
    rows: int
    importer: float
    database: float
    resident: float


@dataclass(frozen=True, slots=True)
class Course:
    """An import from its start to its end. `spent`: processor seconds of processes, ended ones included."""

    rows: int
    workers: str
    samples: list[Sample] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.samples[-1].seconds

    @property
    def peak(self) -> float:
        """The most memory that its processes held together, in MiB."""
        return max(sample.resident for sample in self.samples)

    def rates(self) -> list[tuple[int, float]]:
        """Rows a second of each step: the rows at its end, the rate."""
        marks = [self.samples[0]]
        for sample in self.samples[1:]:
            if sample.rows >= marks[-1].rows + STEP or sample is self.samples[-1]:
                marks.append(sample)
        return [(b.rows, (b.rows - a.rows) / (b.seconds - a.seconds)) for a, b in pairwise(marks)]

    def ratio(self) -> float:
        """The rate of the last fifth of the rows as a share of that of the first fifth."""
        fifth = self.rows / 5
        early = next(s for s in self.samples if s.rows >= fifth)
        late = next(s for s in self.samples if s.rows >= self.rows - fifth)
        last = self.samples[-1]
        return (last.rows - late.rows) / (last.seconds - late.seconds) / (early.rows / early.seconds)


class _Spent:
    """Processor seconds of processes, those included that have ended meanwhile."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._seen: dict[int, float] = {}

    def read(self) -> tuple[float, float]:
        """Processor seconds so far, and the MiB that are held now."""
        resident = 0
        for process in family(self._pid):
            try:
                times, held = process.cpu_times(), process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
            self._seen[process.pid] = times.user + times.system
            resident += held
        return sum(self._seen.values()), resident / _MEBIBYTE


def main() -> int:
    """The exit status."""
    options = _options()
    console = Console()
    try:
        with TemporaryDirectory(prefix="cdc-bench-") as directory:
            course = _measured(options.rows, options.workers, Path(directory), console)
    except BenchFailed as failed:
        console.print(f"bench: {failed}", style="red", markup=False)
        return 1
    _show(course, console)
    options.json.write_text(json.dumps(asdict(course), indent=1) + "\n")
    return 0


def _measured(rows: int, workers: str, directory: Path, console: Console) -> Course:
    file = directory / "people.ndjson"
    count = write_rows(list(make_people(round(rows / 1.25))), file)
    console.print(f"{count:,} rows, {file.stat().st_size / _MEBIBYTE:.0f} MiB")
    with postgres.server() as server, postgres.databases(server) as databases:
        environment = environment_for(directory, databases)
        run(environment, "cdc", "init")
        command = [str(BIN / "cdc"), "import", str(file), "--rejects", str(directory / "rejects.ndjson")]
        command += ["--workers", workers] if workers else []
        course = Course(count, workers or "default")
        with (directory / "import.log").open("wb") as log:
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            asyncio.run(_follow(process, server, databases["cdc"], course, console))
        finally:
            process.kill()
            process.wait()
        if process.returncode:
            raise BenchFailed((directory / "import.log").read_text(errors="replace")[-800:])
        console.print((directory / "import.log").read_text().splitlines()[-1])
    return course


async def _follow(
    process: subprocess.Popen[bytes], server: postgres.Server, url: str, course: Course, console: Console
) -> None:
    importer = _Spent(process.pid)
    database = _Spent(server.pid) if server.pid else None
    began, before = time.perf_counter(), database.read()[0] if database else 0.0
    connection = await asyncpg.connect(url)
    try:
        ended = False
        while not ended:
            ended = process.poll() is not None
            rows = await connection.fetchval(_ROWS)
            spent, resident = importer.read()
            theirs = database.read()[0] - before if database else 0.0
            course.samples.append(Sample(time.perf_counter() - began, rows, spent, theirs, resident))
            if rows // STEP > (course.samples[-2].rows // STEP if len(course.samples) > 1 else 0):
                console.print(f"{rows:,} rows, {course.samples[-1].seconds:.0f} s, {resident:.0f} MiB")
            await asyncio.sleep(0 if ended else _EVERY)
    finally:
        await connection.close()


def _show(course: Course, console: Console) -> None:
    table = Table(title=f"cdc import, {course.rows:,} rows, workers: {course.workers}")
    for title in ("rows", "rows/s"):
        table.add_column(title, justify="right")
    for rows, rate in course.rates():
        table.add_row(f"{rows:,}", f"{rate:,.0f}")
    console.print(table)
    last, thousands = course.samples[-1], course.rows / 1000
    console.print(
        f"{course.rows / course.seconds:,.0f} rows/s, last fifth {course.ratio():.2f} of the first; "
        f"peak {course.peak:.0f} MiB; processor seconds per 1,000 rows: "
        f"import {last.importer / thousands:.3f}, PostgreSQL {last.database / thousands:.3f}"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.imports", description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--workers", default="", help="as of `cdc import`")
    parser.add_argument("--json", type=Path, default=Path("imports.json"))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
