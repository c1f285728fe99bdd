"""The `hdc` command, as an operator meets it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.asking import http

COMMAND = [sys.executable, "-c", "from app.health_data_center.cli import main; main()"]
ROOT = Path(__file__).parents[2]
Environment = Callable[..., dict[str, str]]


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    def make(**changes: str) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("HDC_", "CDC_"))}
        return kept | {"CDC_DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)} | changes

    return make


def run(environ: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], env=environ, capture_output=True, text=True, timeout=60, check=False
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def test_init_twice(environment: Environment, tmp_path: Path) -> None:
    assert run(environment(), "init").returncode == 0
    made = (tmp_path / "data" / "hdc-keys.json").read_bytes()
    again = run(environment(), "init")
    assert (again.returncode, again.stdout) == (0, "schema is up to date\n")
    assert (tmp_path / "data" / "hdc-keys.json").read_bytes() == made


def test_no_secret_no_service(environment: Environment) -> None:
    failed = run(environment(), "serve")
    assert failed.returncode == 1
    assert failed.stderr.startswith("hdc: HDC_CLIENT_SECRET")
    assert "Traceback" not in failed.stderr


def test_a_port_in_use_is_said_in_one_line(environment: Environment) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        failed = run(environment(HDC_CLIENT_SECRET="s"), "serve", "--port", port)
    assert failed.returncode == 1
    assert failed.stderr.splitlines() == [
        f"hdc: cannot listen on 127.0.0.1 port {port}: it is in use or not allowed; choose another (HDC_PORT)"
    ]


def test_a_database_that_is_not_there(environment: Environment) -> None:
    url = f"postgresql://nobody:hush@127.0.0.1:{free_port()}/none"
    failed = run(environment(HDC_DATABASE_URL=url), "db", "upgrade")
    assert failed.returncode == 1
    assert "database cannot be reached" in failed.stderr
    assert "hush" not in failed.stderr


@pytest.mark.parametrize("workers", ["1", "2"])
def test_serve_answers_and_stops_when_asked(environment: Environment, workers: str) -> None:
    port = free_port()
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port), "--workers", workers],
        env=environment(HDC_CLIENT_SECRET="s"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        assert _ready(f"http://127.0.0.1:{port}/readyz")
        answer = http.get(f"http://127.0.0.1:{port}/v1/customers/CA/records/medical")
        assert answer.status_code == 401
    finally:
        process.send_signal(signal.SIGTERM)
        output = process.communicate(timeout=30)[0].decode()
    assert process.returncode in (0, -signal.SIGTERM)
    assert "Traceback" not in output


def _ready(url: str) -> bool:
    for _ in range(150):
        try:
            if http.get(url).status_code == 200:
                return True
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    return False
