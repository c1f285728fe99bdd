"""`cdc serve`."""

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
import uvicorn

from app.adapters.counters.remote import remote_storage
from app.adapters.db.url import read_url
from app.adapters.reference.model import load_model
from app.adapters.reference.survivorship import load_survivorship
from app.bootstrap.ground import read_key_ring
from app.bootstrap.limits import alert_rules
from app.cli.failures import explained, fail, warn_of_open_keys
from app.settings import Settings, read_settings


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Default: CDC_PORT, or 8000.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes.")] = 1,
) -> None:
    """Serve the API until Ctrl-C; finishes what it has begun."""
    if port is not None:
        os.environ["CDC_PORT"] = str(port)
    with explained():
        settings = read_settings()
        _refuse_unusable(settings)
    refuse_taken_port(host, settings.port)
    address = f"[{host}]" if ":" in host else host
    typer.echo(f"Serving at http://{address}:{settings.port} until Ctrl-C ...", err=True)
    with shared_metrics(workers):
        _run(host, settings.port, workers)


def _refuse_unusable(settings: Settings) -> None:
    """What workers are started with is read here once: they would fail at it one after the other, for ever.
    Raises what `explained` explains."""
    read_key_ring(settings)
    warn_of_open_keys(settings)
    read_url(settings.database_url)
    alert_rules(settings)
    if settings.rate_limits_url:
        remote_storage(settings.rate_limits_url)
    if settings.model_file:
        load_model(settings.model_file)
    if settings.survivorship_file:
        load_survivorship(settings.survivorship_file)


def _run(host: str, port: int, workers: int) -> None:
    # Without a proxy that is named, X-Forwarded-For is what any caller likes to say.
    trusted = os.environ.get("CDC_TRUSTED_PROXIES") or None
    uvicorn.run(
        "app.asgi:create_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=trusted is not None,
        forwarded_allow_ips=trusted,
        timeout_graceful_shutdown=20,
        timeout_keep_alive=30,
        # Starting a worker takes a busy machine longer than uvicorn's 5 seconds: no reason to kill it.
        timeout_worker_healthcheck=60,
    )


def refuse_taken_port(host: str, port: int) -> None:
    """A place that cannot be listened on is said before anything starts, not in a worker's traceback."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, UnicodeError) as wrong:
            raise fail(_why_not(wrong, host, port)) from None


def _why_not(wrong: OSError | UnicodeError, host: str, port: int) -> str:
    if isinstance(wrong, UnicodeError | socket.gaierror):
        return f"{host} is no address and no known name; choose another with --host"
    if wrong.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is in use; choose another with --port or CDC_PORT"
    if wrong.errno == errno.EADDRNOTAVAIL:
        return f"{host} is not an address of this machine; choose another with --host"
    return f"cannot listen on port {port} of {host}: {wrong.strerror or 'refused'}"


@contextmanager
def shared_metrics(workers: int) -> Iterator[None]:
    """A place for the workers' figures to meet, gone at the end. `prometheus_client` reads the variable when
    it is imported: workers, which are processes of their own, find it, and a single one, which is this
    process, needs none and would look for its figures where they are not."""
    name = "PROMETHEUS_MULTIPROC_DIR"
    if workers == 1 or os.environ.get(name):
        yield
        return
    with TemporaryDirectory(prefix="cdc-metrics-") as place:
        os.environ[name] = place
        yield
