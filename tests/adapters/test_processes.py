"""Workers answer in order, and are gone when they, or whoever started them, are gone."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.adapters.processes import Worker, WorkerGone, start_worker

WORKER = """
import os
from app.adapters.processes import serve_questions

def begin(greeting):
    return lambda question: (greeting, os.getpid()) if question == "who" else [greeting, question]

serve_questions(begin)
"""
STARTER = """
import asyncio
from app.adapters.processes import start_worker

async def main():
    worker = await start_worker("echo_worker", "hello")
    print((await worker.ask("who"))[1], flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A worker's module where Python finds it."""
    (tmp_path / "echo_worker.py").write_text(WORKER)
    path = os.pathsep.join([str(tmp_path), str(Path(__file__).parents[2])])
    monkeypatch.setenv("PYTHONPATH", path)
    return "echo_worker"


@pytest.fixture
async def worker(module: str) -> AsyncIterator[Worker]:
    started = await start_worker(module, "hello")
    yield started
    await started.end()


@pytest.mark.parametrize("question", [None, "a\ud800b", [(1, {"深": ["x", None, 2.5]})], "x" * 3_000_000])
async def test_a_worker_answers_with_its_greeting(worker: Worker, question: Any) -> None:
    assert await worker.ask(question) == ["hello", question]


async def test_one_that_died_is_gone(worker: Worker) -> None:
    _, pid = await worker.ask("who")
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(WorkerGone):
        await worker.ask(1)


async def test_one_that_cannot_begin_is_gone(module: str, tmp_path: Path) -> None:
    (tmp_path / f"{module}.py").write_text("raise SystemExit(1)")
    with pytest.raises(WorkerGone):
        await start_worker(module, "hello")


async def test_interrupting_the_terminal_is_not_for_workers(worker: Worker) -> None:
    _, pid = await worker.ask("who")
    assert os.getpgid(pid) != os.getpgid(0)
    os.kill(pid, signal.SIGINT)
    assert await worker.ask(2) == ["hello", 2]


def test_a_worker_ends_with_whoever_started_it(module: str) -> None:
    starter = subprocess.Popen([sys.executable, "-c", STARTER], stdout=subprocess.PIPE)
    assert starter.stdout is not None
    pid = int(starter.stdout.readline())
    starter.kill()
    starter.wait()
    starter.stdout.close()
    deadline = time.monotonic() + 30
    while _runs(pid):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _runs(pid: int) -> bool:
    """Whether it is there, and not only waiting to be buried."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
