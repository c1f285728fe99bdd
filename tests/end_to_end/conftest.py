"""Both centers as the operator starts them: two processes, talking over HTTP."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from app.cli.root import app as cdc
from tests.asking import http
from tests.postgresql import aside

BIN = Path(sys.executable).parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Centers:
    """Two services on free ports over one data directory; each may be killed and started again."""

    directory: Path
    environment: dict[str, str]
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def cdc(self) -> str:
        return f"http://127.0.0.1:{self.environment['CDC_PORT']}"

    @property
    def hdc(self) -> str:
        return f"http://127.0.0.1:{self.environment['HDC_PORT']}"

    def run(self, *command: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """A `cdc` or `hdc` command to its end."""
        return subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            env=self.environment,
            cwd=self.directory,
            capture_output=True,
            text=True,
            check=check,
            timeout=120,
        )

    def start(self, name: str, *options: str) -> None:
        """Starts a service in a process group of its own, and waits until it is ready."""
        with (self.directory / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [str(BIN / name), "serve", *options],
                env=self.environment,
                cwd=self.directory,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        base = self.cdc if name == "cdc" else self.hdc
        for _ in range(300):
            try:
                if http.get(f"{base}/readyz").status_code == 200:
                    return
            except httpx.TransportError:
                pass
            if self.processes[name].poll() is not None:
                break
            time.sleep(0.1)
        raise AssertionError((self.directory / f"{name}.log").read_text())

    def stop(self, name: str, how: int = signal.SIGTERM) -> int:
        """Ends a service and all its workers; returns the exit status."""
        process = self.processes.pop(name)
        os.killpg(process.pid, how)
        return process.wait(30)

    def client(self, client_id: str, scopes: str, *options: str) -> dict[str, str]:
        """Registers a client as `cdc client create` does, but in this process: starting one takes longer than
        many a test."""
        command = ["client", "create", "--client-id", client_id, "--scopes", scopes, "--json", *options]
        made = aside(lambda: CliRunner().invoke(cdc, command, env=self.environment))
        assert made.exit_code == 0, made.output
        credentials: dict[str, str] = json.loads(made.stdout)
        return credentials

    def token(self, credentials: dict[str, str], **form: str) -> str:
        """A token by client credentials."""
        answer = http.post(
            f"{self.cdc}/oauth2/token",
            data={"grant_type": "client_credentials", **form},
            auth=(credentials["client_id"], credentials["client_secret"]),
        )
        assert answer.status_code == 200, answer.text
        token: str = answer.json()["access_token"]
        return token

    def events(self, auditor: dict[str, str], **query: str) -> list[dict[str, Any]]:
        """Every event that the filter leaves, newest first."""
        headers = {"Authorization": f"Bearer {self.token(auditor)}"}
        items: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            params = {"limit": "1000", **query, **cursor}
            page = http.get(f"{self.cdc}/v1/audit/events", params=params, headers=headers).json()
            items += page["items"]
            if page["next"] is None:
                return items
            cursor = {"cursor": page["next"]}


@dataclass(frozen=True, slots=True)
class Prepared:
    """An installation that nobody has started yet, to be copied, and the HDC's own client at it."""

    directory: Path
    hdc: dict[str, str]


def _of(directory: Path) -> Centers:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("CDC_", "HDC_"))}
    ports = {"CDC_PORT": str(free_port()), "HDC_PORT": str(free_port())}
    return Centers(directory, {**environment, **ports, "CDC_DATA_DIR": str(directory)})


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Made once: each command that is run takes as long as some tests."""
    made = _of(tmp_path_factory.mktemp("prepared"))
    made.run("cdc", "init")
    return Prepared(made.directory, made.client("hdc", "token:introspect token:exchange changes:read"))


@contextmanager
def installed(prepared: Prepared, directory: Path) -> Iterator[Centers]:
    """An installation of one's own; whatever of it still runs at the end is killed."""
    shutil.copytree(prepared.directory, directory, dirs_exist_ok=True)
    centers = _of(directory)
    try:
        yield centers
    finally:
        for name in list(centers.processes):
            centers.stop(name, signal.SIGKILL)


def start_both(centers: Centers, hdc: dict[str, str]) -> Centers:
    """Both services up, the HDC with its own client."""
    centers.environment |= {"HDC_CLIENT_ID": hdc["client_id"], "HDC_CLIENT_SECRET": hdc["client_secret"]}
    centers.start("cdc", "--workers", "2")
    centers.start("hdc")
    return centers


@pytest.fixture
def centers(prepared: Prepared, tmp_path: Path) -> Iterator[Centers]:
    with installed(prepared, tmp_path) as centers:
        yield centers


@pytest.fixture
def both(centers: Centers, prepared: Prepared) -> Centers:
    """Both services up, for one test."""
    return start_both(centers, prepared.hdc)
