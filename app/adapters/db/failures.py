"""What a driver's error means to the services. Its message goes no further: it may hold values of rows."""

import sqlite3

import asyncpg

from app.services.ports import Conflict, StorageUnavailable

# SQLSTATE classes and codes (PostgreSQL manual, appendix A). A deadlock or a serialisation failure is another
# transaction in the way, which the caller meets as it meets a unique key that was taken: by trying again.
_CONFLICTS = ("23505", "40001", "40P01")
_UNAVAILABLE = (
    "08",  # connection
    "25006",  # read-only transaction: a standby, or a server that was set to refuse writes
    "28",  # authorisation of the role
    "3D000",  # no such database
    "42P01",  # no such table: the schema is not there yet
    "42501",  # insufficient privilege
    "53",  # out of memory, disk or connections
    "55P03",  # lock not available
    "57",  # cancelled, shut down, starting up
    "58",  # I/O error
)
_SQLITE_CONFLICTS = ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")
_SQLITE_UNAVAILABLE = (
    "SQLITE_BUSY",
    "SQLITE_CANTOPEN",
    "SQLITE_CORRUPT",
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_LOCKED",
    "SQLITE_NOMEM",
    "SQLITE_NOTADB",
    "SQLITE_PERM",
    "SQLITE_READONLY",
)


class StatementRefused(Exception):  # noqa: N818 - a state, named as the operator sees it
    """The database refused a statement for a reason that trying again does not mend: a defect of ours."""


def postgresql_failure(error: Exception) -> Exception:
    """The ports' exception for an error of asyncpg or its socket, naming the SQLSTATE alone."""
    if isinstance(error, asyncpg.PostgresError):
        return _from_sqlstate(error.sqlstate or "")
    if isinstance(error, asyncpg.DataError):
        return StatementRefused("a parameter has a value that PostgreSQL cannot take")
    if isinstance(error, (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, EOFError)):
        return StorageUnavailable(f"PostgreSQL cannot be reached: {type(error).__name__}")
    return error


def sqlite_failure(error: Exception) -> Exception:
    """The ports' exception for an error of sqlite3, naming SQLite's result code alone."""
    if not isinstance(error, sqlite3.Error):
        return error
    code: str = getattr(error, "sqlite_errorname", None) or type(error).__name__
    if code in _SQLITE_CONFLICTS:
        return Conflict(f"SQLite answered {code}")
    # "No such table" has no code of its own: the schema is not there yet.
    if code.startswith(_SQLITE_UNAVAILABLE) or "no such table" in str(error):
        return StorageUnavailable(f"SQLite answered {code}")
    return StatementRefused(f"SQLite answered {code}")


def _from_sqlstate(state: str) -> Exception:
    if state in _CONFLICTS:
        return Conflict(f"PostgreSQL answered SQLSTATE {state}")
    if state.startswith(_UNAVAILABLE):
        return StorageUnavailable(f"PostgreSQL answered SQLSTATE {state}")
    return StatementRefused(f"PostgreSQL answered SQLSTATE {state}")
