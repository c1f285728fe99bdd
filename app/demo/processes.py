"""The commands and services that the demo starts."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from app.demo.plan import CannotStart

READY_WITHIN = 60.0
STOPPED_WITHIN = 25.0


class CommandFailed(Exception):  # noqa: N818 - an outcome
    """A command ended with an error; holds its last words."""


def program(name: str) -> str:
    """A console script of this installation."""
    path = Path(sys.executable).with_name(name)
    if not path.exists():
        raise CannotStart(f"{path} is missing: run make install")
    return str(path)


def run_command(arguments: Sequence[str], environment: Mapping[str, str], *, shown: bool = False) -> str:
    """Runs to the end; what it wrote to standard output. `shown` lets standard error through (progress).

    Raises `CommandFailed`.
    """
    done = subprocess.run(
        arguments,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=None if shown else subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        words = (done.stderr or done.stdout or "").strip()
        raise CommandFailed(f"{Path(arguments[0]).name} {arguments[1]} failed: {words[-500:]}")
    return done.stdout


@dataclass(frozen=True, slots=True)
class Service:
    """A running service and where it writes."""

    name: str
    url: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def ended(self) -> bool:
        """Whether it runs no longer."""
        return self.process.poll() is not None

    def last_words(self) -> str:
        """How it ended, with the end of its log."""
        tail = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:]
        return "\n".join(
            [f"{self.name} ended with status {self.process.returncode}; {self.log} says:", *tail]
        )


def start_service(
    name: str, arguments: Sequence[str], url: str, log: Path, environment: Mapping[str, str]
) -> Service:
    """Starts it in our process group, so that whatever ends the group ends it too."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            arguments, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
        )
    return Service(name, url, process, log)


def wait_until_ready(services: Sequence[Service]) -> None:
    """Waits for `/readyz` of each. Raises `CannotStart` when one ends or takes too long."""
    deadline = time.monotonic() + READY_WITHIN
    for service in services:
        while not _is_ready(service):
            if service.ended:
                raise CannotStart(service.last_words())
            if time.monotonic() > deadline:
                raise CannotStart(
                    f"{service.name} was not ready within {READY_WITHIN:.0f} s; see {service.log}"
                )
            time.sleep(0.1)


def _is_ready(service: Service) -> bool:
    try:
        return httpx.get(f"{service.url}/readyz", timeout=5, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def watch(services: Sequence[Service]) -> Service:
    """Returns the first service that ends."""
    while True:
        for service in services:
            if service.ended:
                return service
        time.sleep(0.5)


def stop(services: Sequence[Service]) -> None:
    """Asks all to finish, and ends those that do not, or at once when asked a second time."""
    for service in services:
        if not service.ended:
            service.process.terminate()
    deadline = time.monotonic() + STOPPED_WITHIN
    for service in services:
        try:
            service.process.wait(max(0.1, deadline - time.monotonic()))
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            service.process.kill()
            service.process.wait()
