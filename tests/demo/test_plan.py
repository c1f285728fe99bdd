"""Ports and addresses are settled, or refused with a word, before anything starts."""

import socket
from pathlib import Path

import pytest

from app.demo.plan import CannotStart, read_plan, refuse_taken_ports


def test_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    plan = read_plan({})
    assert (plan.cdc_url, plan.hdc_url) == ("http://127.0.0.1:8000", "http://127.0.0.1:8100")
    assert plan.data_dir == tmp_path / "var"


def test_addresses_follow_the_ports_unless_given() -> None:
    plan = read_plan({"CDC_PORT": "9000", "HDC_PORT": "9100", "CDC_HDC_URL": "https://hdc.example/"})
    assert (plan.cdc_url, plan.hdc_url) == ("http://127.0.0.1:9000", "https://hdc.example")
    assert plan.environment["CDC_PUBLIC_URL"] == plan.cdc_url


@pytest.mark.parametrize("text", ["0", "65536", "-1", "http", "80 80", "８０００", "1e3"])
def test_a_port_that_is_none_is_refused_by_name(text: str) -> None:
    with pytest.raises(CannotStart, match="HDC_PORT must be a port number"):
        read_plan({"HDC_PORT": text})


def test_one_port_for_both_is_refused() -> None:
    with pytest.raises(CannotStart, match="must differ"):
        read_plan({"CDC_PORT": "9000", "HDC_PORT": "9000"})


def test_a_taken_port_is_refused_by_number() -> None:
    with socket.socket() as taken, socket.socket() as free:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        free.bind(("127.0.0.1", 0))
        port, other = taken.getsockname()[1], free.getsockname()[1]
        free.close()
        with pytest.raises(CannotStart, match=f"port {port} is in use.*HDC_PORT"):
            refuse_taken_ports(read_plan({"CDC_PORT": str(other), "HDC_PORT": str(port)}))
        taken.close()
        refuse_taken_ports(read_plan({"CDC_PORT": str(other), "HDC_PORT": str(port)}))
