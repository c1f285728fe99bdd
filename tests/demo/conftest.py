"""One running demo for all tests that need it: the real command, on free ports, in a directory of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

STARTED_WITHIN = 180.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class RunningDemo:
    """`cdc demo` in `home`, with its data in `home/var`."""

    process: subprocess.Popen[str]
    home: Path
    environment: dict[str, str]

    @property
    def output(self) -> str:
        return (self.home / "output").read_text(encoding="utf-8")

    @property
    def manifest(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((self.home / "var/demo.json").read_text(encoding="utf-8"))
        return content


def start(home: Path, environment: dict[str, str]) -> RunningDemo:
    """Starts it and waits until scripts may go on from there."""
    manifest = home / "var/demo.json"
    manifest.unlink(missing_ok=True)
    with (home / "output").open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            [Path(sys.executable).with_name("cdc"), "demo"],
            cwd=home,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
        )
    demo = RunningDemo(process, home, environment)
    deadline = time.monotonic() + STARTED_WITHIN
    while not (manifest.exists() and "Ctrl-C" in demo.output):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            process.wait()
            pytest.fail(f"the demo did not get as far as it should:\n{demo.output}")
        time.sleep(0.2)
    return demo


@pytest.fixture(scope="session")
def demo_environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CDC_", "HDC_"))}
    return {**kept, "CDC_PORT": str(free_port()), "HDC_PORT": str(free_port())}


@dataclass(frozen=True, slots=True)
class EndedDemo:
    """A run that was asked to stop."""

    home: Path
    status: int
    output: str
    manifest: dict[str, Any]


@pytest.fixture(scope="session")
def first_run(tmp_path_factory: pytest.TempPathFactory, demo_environment: dict[str, str]) -> EndedDemo:
    """A whole run from nothing, ended as Ctrl-C does."""
    running = start(tmp_path_factory.mktemp("demo"), demo_environment)
    manifest = running.manifest
    running.process.send_signal(signal.SIGINT)
    status = running.process.wait(timeout=60)
    return EndedDemo(running.home, status, running.output, manifest)


@pytest.fixture(scope="session")
def demo(first_run: EndedDemo, demo_environment: dict[str, str]) -> Iterator[RunningDemo]:
    """The run after it in the same place, which serves until the tests are done."""
    running = start(first_run.home, demo_environment)
    yield running
    running.process.terminate()
    assert running.process.wait(timeout=60) == 0
