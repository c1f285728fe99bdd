"""Rate limits that several machines count together, in a real Redis.

The server is the program `redis-server`; where there is none, only what needs no server is tested.
"""

import asyncio
import logging
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from app.adapters.counters import remote
from app.adapters.counters.limiter import LocalLimiter
from app.adapters.counters.remote import InvalidLimitStore, RemoteLimiter
from app.adapters.counters.slots import SharedSlots


@asynccontextmanager
async def machine(url: str) -> AsyncIterator[RemoteLimiter]:
    """A machine with a table of its own."""
    limiter = RemoteLimiter(url, LocalLimiter(SharedSlots.private()))
    yield limiter
    await limiter._storage.bridge.get_connection().aclose()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """A Redis of our own, which may be killed."""

    def __init__(self, program: str, folder: Path) -> None:
        port = free_port()
        self.url = f"redis://127.0.0.1:{port}"
        options = {"port": str(port), "bind": "127.0.0.1", "save": "", "appendonly": "no", "dir": str(folder)}
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        self.process = subprocess.Popen([program, *words], stdout=subprocess.DEVNULL)
        self._wait(port)

    def _wait(self, port: int) -> None:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("redis-server does not listen")

    def end(self) -> None:
        self.process.kill()
        self.process.wait(10)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("needs the program redis-server")
    server = Server(program, tmp_path)
    yield server
    server.end()


async def test_two_machines_count_together(server: Server) -> None:
    key = uuid4().hex
    async with machine(server.url) as one, machine(server.url) as other:
        assert [await each.take(key, 3, 60) for each in (one, other, one)] == [0.0, 0.0, 0.0]
        assert await other.take(key, 3, 60) > 0
        assert await one.wait(key, 3, 60) > 0
        assert await other.wait(uuid4().hex, 3, 60) == 0.0


async def test_after_the_wait_there_is_room(server: Server) -> None:
    key = uuid4().hex
    async with machine(server.url) as one, machine(server.url) as other:
        assert [await each.take(key, 2, 1) for each in (one, other)] == [0.0, 0.0]
        wait = await one.take(key, 2, 1)
        assert 0 < wait <= 2
        await asyncio.sleep(wait)
        assert await other.take(key, 2, 1) == 0.0


async def test_a_cost_counts_as_often(server: Server) -> None:
    key = uuid4().hex
    async with machine(server.url) as one, machine(server.url) as other:
        assert await one.take(key, 10, 60, cost=8) == 0.0
        assert await other.take(key, 10, 60, cost=3) > 0
        assert await other.take(key, 10, 60, cost=2) == 0.0


async def test_a_store_that_dies_lifts_no_limit(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    key = uuid4().hex
    async with machine(server.url) as one:
        assert await one.take(key, 2, 60) == 0.0
        server.end()
        with caplog.at_level(logging.WARNING):
            assert [await one.take(key, 2, 60) for _ in range(2)] == [0.0, 0.0]
            assert await one.take(key, 2, 60) > 0
    assert "this machine counts for itself" in caplog.text


async def test_without_a_server_this_machine_counts(caplog: pytest.LogCaptureFixture) -> None:
    key = uuid4().hex
    async with machine(f"redis://user:secret@127.0.0.1:{free_port()}") as one:
        with caplog.at_level(logging.WARNING):
            assert [await one.take(key, 2, 60) for _ in range(2)] == [0.0, 0.0]
            assert await one.take(key, 2, 60) > 0
    assert "this machine counts for itself" in caplog.text
    assert "secret" not in caplog.text


def test_the_client_library_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(InvalidLimitStore, match=r"customer-data-center\[redis\]") as caught:
        remote.remote_storage("redis://user:secret@host:6379")
    assert "secret" not in str(caught.value)
