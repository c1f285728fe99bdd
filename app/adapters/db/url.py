"""Database URLs as SQLAlchemy writes them."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError


class InvalidDatabaseUrl(ValueError):  # noqa: N818 - named as the operator sees it
    """A database URL that cannot be used. The message never holds it: it may hold a password."""


@dataclass(frozen=True, slots=True)
class PostgresqlUrl:
    """`dsn` is in libpq's form, which asyncpg reads, its query (`host`, `sslmode`, …) included."""

    dsn: str


@dataclass(frozen=True, slots=True)
class SqliteUrl:
    """A file: a database in memory would be another one for each connection."""

    path: Path


def read_url(url: str) -> PostgresqlUrl | SqliteUrl:
    """Reads `postgresql[+asyncpg]://…` and `sqlite[+aiosqlite]:///path`. Raises `InvalidDatabaseUrl`."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise InvalidDatabaseUrl("the database URL is not a URL") from None
    if parsed.drivername in {"postgresql", "postgresql+asyncpg"}:
        return PostgresqlUrl("postgresql" + url[len(parsed.drivername) :])
    if parsed.drivername in {"sqlite", "sqlite+aiosqlite"}:
        if not parsed.database or parsed.database == ":memory:":
            raise InvalidDatabaseUrl("the SQLite database must be a file: sqlite:///path")
        return SqliteUrl(Path(parsed.database))
    raise InvalidDatabaseUrl("the database URL must begin with postgresql:// or sqlite:///")
