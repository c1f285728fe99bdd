"""The schema: brought to the newest version, or checked."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from app.health_data_center.database import StorageUnavailable, open_engine
from app.health_data_center.tables import metadata

_LOCK = 0x4844_4353  # one migration at a time, whoever starts it
_T = TypeVar("_T")


async def upgrade(url: URL, revision: str = "head") -> None:
    """Brings the schema to `revision`; does nothing where it is there. Raises `StorageUnavailable`."""
    await _run(url, lambda connection: command.upgrade(_config(connection), revision))


async def downgrade(url: URL, revision: str) -> None:
    """Takes the schema back, and what it held with it. Raises `StorageUnavailable`."""
    await _run(url, lambda connection: command.downgrade(_config(connection), revision))


async def is_current(url: URL) -> bool:
    """Whether the schema is the newest. Raises `StorageUnavailable`."""

    def current(connection: Connection) -> bool:
        head = ScriptDirectory.from_config(_config(connection)).get_current_head()
        return MigrationContext.configure(connection).get_current_revision() == head

    return await _run(url, current)


async def drift(url: URL) -> list[str]:
    """What the tables of the code and of the database do not agree on. Raises `StorageUnavailable`."""

    def compare(connection: Connection) -> list[str]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(difference) for difference in compare_metadata(context, metadata)]

    return await _run(url, compare)


async def _run(url: URL, work: Callable[[Connection], _T]) -> _T:
    _make_file(url)
    engine = open_engine(url)
    try:
        async with engine.begin() as connection:
            if url.get_backend_name() == "postgresql":
                await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            return await connection.run_sync(work)
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        raise StorageUnavailable(type(error).__name__) from None
    finally:
        await engine.dispose()


def _make_file(url: URL) -> None:
    """An empty SQLite file that its owner alone may read; SQLite gives its companions the same mode."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return
    path = Path(url.database)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        _close_to_others(path)
    except OSError as error:
        raise StorageUnavailable(type(error).__name__) from None


def _close_to_others(path: Path) -> None:
    """A file that was there with more rights loses them, and so do SQLite's companions of it."""
    for file in (path, *(path.with_name(f"{path.name}{end}") for end in ("-wal", "-shm"))):
        if file.exists() and file.stat().st_mode & 0o077:
            file.chmod(0o600)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_scripts()))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _scripts() -> Path:
    """Beside the sources in a checkout, inside the package in a wheel."""
    package = Path(__file__).parents[1]
    installed = package / "_migrations" / "hdc"
    return installed if installed.is_dir() else package.parent / "migrations" / "hdc"
