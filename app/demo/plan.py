"""Where the demo runs: ports, addresses and the data directory, from the same variables as the services'."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class CannotStart(Exception):  # noqa: N818 - a state, told to the person at the terminal
    """Why the demo cannot go on; one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is decided before anything starts. URLs have no trailing slash."""

    data_dir: Path
    cdc_port: int
    hdc_port: int
    cdc_url: str
    hdc_url: str

    @property
    def environment(self) -> dict[str, str]:
        """The variables that the commands and services get."""
        return {
            **os.environ,
            "CDC_DATA_DIR": str(self.data_dir),
            "CDC_PORT": str(self.cdc_port),
            "HDC_PORT": str(self.hdc_port),
            "CDC_PUBLIC_URL": self.cdc_url,
            "CDC_HDC_URL": self.hdc_url,
            "HDC_CDC_URL": os.environ.get("HDC_CDC_URL") or self.cdc_url,
        }


def read_plan(environment: Mapping[str, str]) -> Plan:
    """Raises `CannotStart` for a port that is none."""
    cdc_port = _port(environment, "CDC_PORT", 8000)
    hdc_port = _port(environment, "HDC_PORT", 8100)
    if cdc_port == hdc_port:
        raise CannotStart("CDC_PORT and HDC_PORT must differ")
    return Plan(
        data_dir=Path(environment.get("CDC_DATA_DIR") or "./var").absolute(),
        cdc_port=cdc_port,
        hdc_port=hdc_port,
        cdc_url=(environment.get("CDC_PUBLIC_URL") or f"http://127.0.0.1:{cdc_port}").rstrip("/"),
        hdc_url=(environment.get("CDC_HDC_URL") or f"http://127.0.0.1:{hdc_port}").rstrip("/"),
    )


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise CannotStart(f"{name} must be a port number from 1 to 65535")
    return int(text)


def refuse_taken_ports(plan: Plan) -> None:
    """Raises `CannotStart` where somebody listens already."""
    for name, port in (("CDC_PORT", plan.cdc_port), ("HDC_PORT", plan.hdc_port)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise CannotStart(
                    f"port {port} is in use. Stop what listens there, or choose another: {name}=... make run"
                ) from None
