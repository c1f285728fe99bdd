"""The services under load: started, awaited, stopped, and how much processor time they took."""

import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

BIN = Path(sys.executable).parent
_READY_WITHIN = 60.0
_IDLE = 0.05  # seconds of processor time within a second
_SMALLEST_WORKER = 40 * 1024 * 1024


class BenchFailed(Exception):  # noqa: N818 - an outcome
    """The bench cannot go on; says why in one line."""


@dataclass(frozen=True, slots=True)
class Service:
    """A process with its workers."""

    name: str
    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self) -> None:
        """Asks it to finish, and ends it where it does not."""
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def run(environment: Mapping[str, str], *command: str, shown: bool = False) -> str:
    """One of our commands to its end; what it printed. `shown` lets its progress bar through."""
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=None if shown else subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BenchFailed(f"{' '.join(command[:2])} failed: {(done.stderr or done.stdout or '')[-800:]}")
    return done.stdout


def serve(
    name: str, command: Sequence[str], url: str, ready: str, environment: Mapping[str, str], log: Path
) -> Service:
    """Starts a service and waits until `ready` answers 200. Raises `BenchFailed`."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(BIN / command[0]), *command[1:]], env=environment, stdout=out, stderr=subprocess.STDOUT
        )
    service = Service(name, url, process, log)
    deadline = time.monotonic() + _READY_WITHIN
    while not _answers(f"{url}{ready}"):
        if process.poll() is not None or time.monotonic() > deadline:
            service.stop()
            raise BenchFailed(f"{name} did not start: {log.read_text(errors='replace')[-800:]}")
        time.sleep(0.1)
    return service


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def workers_of(pid: int) -> list[psutil.Process]:
    """The processes that answer, as far as they have begun: uvicorn's others stay small."""
    return [p for p in family(pid)[1:] if p.memory_info().rss > _SMALLEST_WORKER]


def wait_for_workers(service: Service, count: int) -> None:
    """Waits until all have begun and none is busy with that any more. Raises `BenchFailed`."""
    deadline, spent = time.monotonic() + _READY_WITHIN, -1.0
    while time.monotonic() < deadline:
        before, spent = spent, processor_seconds([service.process.pid])
        if len(workers_of(service.process.pid)) == count and spent - before < _IDLE:
            return
        time.sleep(1)
    raise BenchFailed(f"{service.name} did not start {count} workers")


def family(pid: int) -> list[psutil.Process]:
    """A process and everything it started; nothing where it is gone."""
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def processor_seconds(pids: Iterable[int]) -> float:
    """User and system time of these processes and of everything they started."""
    total = 0.0
    for process in (member for pid in pids for member in family(pid)):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total
