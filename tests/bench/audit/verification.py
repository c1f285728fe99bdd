"""Sealing, exporting, verifying and streaming a whole log: how fast, and in how much memory."""

import os
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import httpx

from app.adapters.clock import SystemClock
from app.adapters.crypto.checkpoint_signer import NoteSigner
from app.adapters.crypto.keys import KeyRing
from app.adapters.db.database import open_database
from app.services.index_events import IndexEvents
from app.services.seal_log import BATCH, SealLog
from app.settings import read_settings
from tests.bench.processes import BIN, BenchFailed, workers_of
from tests.bench.site import expect, running

_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Step:
    """`seconds` by the clock, `processor` seconds of the process; `peak` resident MiB of it."""

    seconds: float
    processor: float
    peak: float


async def seal_all(
    url: str, keys: KeyRing, environment: Mapping[str, str], progress: Callable[[int], object]
) -> Step:
    """Seals everything that waits, as the service's sealer does, 1,000 events under a head; `progress` is
    told how many are."""
    clock = SystemClock(read_settings(environment).timezone)
    database = open_database(url, keys)
    seal = SealLog(database.units, NoteSigner(keys.checkpoint), clock)
    began, processor = time.perf_counter(), time.process_time()
    sealed = 0
    while await seal() == BATCH:
        sealed += BATCH
        progress(sealed)
    done = Step(time.perf_counter() - began, time.process_time() - processor, 0)
    await database.close()
    return done


async def index_all(url: str, keys: KeyRing, progress: Callable[[int], object]) -> Step:
    """Makes the lists of all full blocks; `progress` is told how many are."""
    database = open_database(url, keys)
    index = IndexEvents(database.units)
    began, processor = time.perf_counter(), time.process_time()
    blocks = 0
    while await index():
        blocks += 1
        progress(blocks)
    done = Step(time.perf_counter() - began, time.process_time() - processor, 0)
    await database.close()
    return done


def command(environment: Mapping[str, str], *words: str) -> Step:
    """One of our commands to its end. Raises `BenchFailed`."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [str(BIN / words[0]), *words[1:]], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        said = process.stderr.read().decode()[-800:] if process.stderr else ""
        raise BenchFailed(f"{' '.join(words[:3])} failed: {said}")
    return Step(time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def stream(
    environment: dict[str, str], directory: Path, secret: str, asked: dict[str, str]
) -> tuple[Step, float]:
    """Streams what is asked of the log over HTTP; the second figure is what the worker held when it began, in
    MiB."""
    with running("cdc", environment, directory) as service, httpx.Client(timeout=60, trust_env=False) as http:
        answer = http.post(
            f"{service.url}/oauth2/token",
            data={"grant_type": "client_credentials"},
            auth=("auditor", secret),
        )
        headers = {"Authorization": f"Bearer {expect(answer)['access_token']}"}
        held = _resident(service.process.pid)
        began = time.perf_counter()
        with (
            _Watched(lambda: _resident(service.process.pid)) as watched,
            http.stream("GET", f"{service.url}/v1/audit/export", params=asked, headers=headers) as answered,
        ):
            if answered.status_code != 200:
                raise BenchFailed(f"the export was answered with {answered.status_code}")
            for _ in answered.iter_raw():
                pass
        return Step(time.perf_counter() - began, 0, watched.peak), held


def _resident(pid: int) -> float:
    return max((p.memory_info().rss for p in workers_of(pid)), default=0) / _MEBIBYTE


class _Watched:
    """The greatest value seen, every fifth of a second."""

    def __init__(self, look: Callable[[], float]) -> None:
        self._look = look
        self._ended = Event()
        self._thread = Thread(target=self._watch)
        self.peak = 0.0

    def __enter__(self) -> "_Watched":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(0.2):
            self.peak = max(self.peak, self._look())
