"""Which of the drivers' errors mean what."""

import sqlite3

import asyncpg
import pytest

from app.adapters.db.failures import StatementRefused, postgresql_failure, sqlite_failure
from app.services.ports import Conflict, StorageUnavailable


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (asyncpg.UniqueViolationError, Conflict),
        (asyncpg.DeadlockDetectedError, Conflict),
        (asyncpg.SerializationError, Conflict),
        (asyncpg.DiskFullError, StorageUnavailable),
        (asyncpg.TooManyConnectionsError, StorageUnavailable),
        (asyncpg.AdminShutdownError, StorageUnavailable),
        (asyncpg.CannotConnectNowError, StorageUnavailable),
        (asyncpg.QueryCanceledError, StorageUnavailable),
        (asyncpg.ReadOnlySQLTransactionError, StorageUnavailable),
        (asyncpg.InvalidPasswordError, StorageUnavailable),
        (asyncpg.InvalidCatalogNameError, StorageUnavailable),
        (asyncpg.ConnectionDoesNotExistError, StorageUnavailable),
        (asyncpg.InterfaceError, StorageUnavailable),
        (ConnectionResetError, StorageUnavailable),
        (TimeoutError, StorageUnavailable),
        (asyncpg.DataError, StatementRefused),
        (asyncpg.NotNullViolationError, StatementRefused),
        (asyncpg.PostgresSyntaxError, StatementRefused),
        (ZeroDivisionError, ZeroDivisionError),
    ],
)
def test_errors_of_postgresql(error: type[Exception], meaning: type[Exception]) -> None:
    translated = postgresql_failure(error("with a value: 王丽华"))
    assert type(translated) is meaning
    assert meaning is error or "王丽华" not in str(translated)


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("SQLITE_CONSTRAINT_UNIQUE", Conflict),
        ("SQLITE_CONSTRAINT_PRIMARYKEY", Conflict),
        ("SQLITE_BUSY", StorageUnavailable),
        ("SQLITE_BUSY_SNAPSHOT", StorageUnavailable),
        ("SQLITE_CANTOPEN", StorageUnavailable),
        ("SQLITE_FULL", StorageUnavailable),
        ("SQLITE_IOERR_FSYNC", StorageUnavailable),
        ("SQLITE_READONLY", StorageUnavailable),
        ("SQLITE_READONLY_DBMOVED", StorageUnavailable),
        ("SQLITE_NOTADB", StorageUnavailable),
        ("SQLITE_CONSTRAINT_FOREIGNKEY", StatementRefused),
        ("SQLITE_CONSTRAINT_TRIGGER", StatementRefused),
        ("SQLITE_ERROR", StatementRefused),
    ],
)
def test_errors_of_sqlite(code: str, meaning: type[Exception]) -> None:
    error = sqlite3.OperationalError("with a value: 王丽华")
    error.sqlite_errorname = code
    translated = sqlite_failure(error)
    assert type(translated) is meaning
    assert "王丽华" not in str(translated)


def test_another_error_stays_what_it_is() -> None:
    error = ZeroDivisionError()
    assert sqlite_failure(error) is error
