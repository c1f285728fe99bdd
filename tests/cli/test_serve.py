"""`cdc serve` says what it cannot start with before any worker does."""

import socket

import pytest
import uvicorn

from tests.cli.conftest import Cdc, refused


@pytest.fixture(autouse=True)
def nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uvicorn, "run", lambda *_, **__: pytest.fail("it was started"))


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]")])
def test_it_says_where_it_serves(cdc: Cdc, monkeypatch: pytest.MonkeyPatch, host: str, shown: str) -> None:
    assert cdc("init").exit_code == 0
    started: list[object] = []
    monkeypatch.setattr(uvicorn, "run", lambda *_, **options: started.append(options["host"]))
    monkeypatch.setattr("app.cli.serve.refuse_taken_port", lambda *_: None)
    done = cdc("serve", "--host", host, "--port", "8000")
    assert done.output == f"Serving at http://{shown}:8000 until Ctrl-C ...\n"
    assert started == [host]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("CDC_MODEL_FILE", "/nonexistent", "model"),
        ("CDC_SURVIVORSHIP_FILE", "/nonexistent", "/nonexistent"),
        ("CDC_DATABASE_URL", "mysql://db/cdc", "the database URL"),
        ("CDC_DATABASE_URL", "postgresql://db:x/cdc", "the database URL"),
        ("CDC_PORT", "9" * 5000, "CDC_PORT"),
    ],
)
def test_what_workers_would_fail_at(
    cdc: Cdc, monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    assert cdc("init").exit_code == 0
    monkeypatch.setenv(name, value)
    assert says in refused(cdc("serve", "--workers", "2"))


@pytest.mark.parametrize("host", ["300.1.1.1", "a" * 70, "::zz"])
def test_a_host_that_is_none(cdc: Cdc, host: str) -> None:
    assert cdc("init").exit_code == 0
    assert "is no address and no known name" in refused(cdc("serve", "--host", host))


def test_an_address_of_another_machine(cdc: Cdc) -> None:
    assert cdc("init").exit_code == 0
    assert "not an address of this machine" in refused(cdc("serve", "--host", "192.0.2.1"))


def test_a_port_in_use(cdc: Cdc) -> None:
    assert cdc("init").exit_code == 0
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        assert "is in use" in refused(cdc("serve", "--port", port))
