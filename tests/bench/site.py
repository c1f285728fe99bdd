"""Everything that is measured, up and filled: PostgreSQL, the CDC, the HDC, the reference."""

import os
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from json import loads
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from tests.bench import postgres, reference_app
from tests.bench.people import Elements, make_people, write_rows
from tests.bench.processes import BenchFailed, Service, run, serve, wait_for_workers

WORKERS = 2
_CLIENTS = {
    "hospital": ("customer:match records:medical records:elder_care records:write", "medical"),
    "care-home": ("customer:match records:medical records:elder_care records:write", "elder_care"),
    "hdc": ("token:introspect token:exchange", None),
}


@dataclass(frozen=True, slots=True)
class Import:
    """How `cdc import` did."""

    rows: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Site:
    """`credentials`: client ID → secret; `environment` and `directory` are what the services run in."""

    server: postgres.Server
    people: list[Elements]
    imported: Import
    cdc: Service
    hdc: Service
    reference: Service
    workers: int
    credentials: dict[str, str]
    http: httpx.Client
    environment: dict[str, str]
    directory: Path

    def token(self, client_id: str, resource: str | None = None) -> str:
        """A client's token, for the CDC or for `resource`."""
        form = {"grant_type": "client_credentials", **({"resource": resource} if resource else {})}
        auth = (client_id, self.credentials[client_id])
        answer = self.http.post(f"{self.cdc.url}/oauth2/token", data=form, auth=auth)
        return str(expect(answer)["access_token"])

    def bearer(self, client_id: str, resource: str | None = None) -> dict[str, str]:
        """The Authorization header with such a token."""
        return {"Authorization": f"Bearer {self.token(client_id, resource)}"}


def expect(answer: httpx.Response) -> dict[str, Any]:
    """The body of a good answer. Raises `BenchFailed` for any other."""
    if answer.status_code not in (200, 201):
        raise BenchFailed(f"{answer.request.method} {answer.request.url.path}: {answer.status_code}")
    body: dict[str, Any] = answer.json()
    return body


@contextmanager
def site(customers: int, watch: Mapping[str, str] | None = None, workers: int = WORKERS) -> Iterator[Site]:
    """Builds it, and takes it down; `watch` are variables for the CDC alone, `workers` of the CDC and of the
    reference. Raises `BenchFailed`."""
    with ExitStack() as stack:
        directory = Path(stack.enter_context(TemporaryDirectory(prefix="cdc-bench-")))
        server = stack.enter_context(postgres.server())
        databases = stack.enter_context(postgres.databases(server))
        environment = {**environment_for(directory, databases), "BENCH_WORKERS": str(workers)}
        for name in ("cdc", "hdc"):
            run(environment, name, "init")
        people = list(make_people(customers))
        imported = _import(people, directory, environment)
        credentials = {client_id: _client(client_id, environment) for client_id in _CLIENTS}
        environment |= {"HDC_CLIENT_ID": "hdc", "HDC_CLIENT_SECRET": credentials["hdc"]}
        postgres.execute(databases["cdc"], "VACUUM ANALYZE")
        postgres.execute(databases["reference"], *(s.format(customers) for s in reference_app.SCHEMA))
        own = {"cdc": watch or {}}
        up = {
            name: stack.enter_context(running(name, {**environment, **own.get(name, {})}, directory))
            for name in _COMMANDS
        }
        http = stack.enter_context(httpx.Client(timeout=60, trust_env=False))
        services = (up["cdc"], up["hdc"], up["reference"])
        yield Site(server, people, imported, *services, workers, credentials, http, environment, directory)


def environment_for(directory: Path, databases: dict[str, str]) -> dict[str, str]:
    """The variables of the services, with ports of their own and nothing of whoever runs the bench."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CDC_", "HDC_"))}
    ports = {name: str(_free_port()) for name in ("CDC_PORT", "HDC_PORT", "BENCH_REFERENCE_PORT")}
    return {
        **kept,
        **ports,
        "CDC_DATA_DIR": str(directory),
        "CDC_DATABASE_URL": databases["cdc"],
        "HDC_DATABASE_URL": databases["hdc"],
        "BENCH_REFERENCE_URL": databases["reference"],
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _import(people: list[Elements], directory: Path, environment: dict[str, str]) -> Import:
    """Through the product's own command, from its start to its end."""
    rows = directory / "people.ndjson"
    count = write_rows(people, rows)
    rejects = str(directory / "rejects.ndjson")
    began = time.perf_counter()
    run(environment, "cdc", "import", str(rows), "--rejects", rejects, shown=True)
    return Import(count, time.perf_counter() - began)


def _client(client_id: str, environment: dict[str, str]) -> str:
    scopes, domain = _CLIENTS[client_id]
    command = ["cdc", "client", "create", "--client-id", client_id, "--scopes", scopes, "--rate", "none"]
    made = run(environment, *command, "--json", *(["--domain", domain] if domain else []))
    return str(loads(made)["client_secret"])


_COMMANDS = {
    "cdc": (["cdc", "serve", "--workers"], "CDC_PORT", "/readyz"),
    "hdc": (["hdc", "serve"], "HDC_PORT", "/readyz"),
    "reference": (["python", "-m", "tests.bench.reference_app"], "BENCH_REFERENCE_PORT", "/no-op"),
}


@contextmanager
def running(name: str, environment: dict[str, str], directory: Path) -> Iterator[Service]:
    """A service of this name, until it is left."""
    command, port, ready = _COMMANDS[name]
    workers = 1 if name == "hdc" else int(environment.get("BENCH_WORKERS", WORKERS))
    command = [*command, str(workers)] if name == "cdc" else command
    url = f"http://127.0.0.1:{environment[port]}"
    service = serve(name, command, url, ready, environment, directory / f"{name}.log")
    try:
        if workers > 1:
            wait_for_workers(service, workers)
        yield service
    finally:
        service.stop()
