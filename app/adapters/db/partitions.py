"""The access log's partitions on PostgreSQL, one for each month: the owner's work, never the service's."""

from sqlalchemy import Connection, text

from app.adapters.db.migrate import on_connection

MONTHS_AHEAD = 6
"""How many months a database has partitions for in advance. What comes later waits in an open one."""
_BRIEFLY = "SET LOCAL lock_timeout = '5s'"


def extend(url: str, months: int = MONTHS_AHEAD) -> int:
    """Makes the partitions that are missing up to so many months from now, and says how many.

    SQLite keeps one table: 0. Holds up writers for a moment. Raises `StorageUnavailable` (also where the log
    is too busy for that), `InvalidDatabaseUrl`.
    """

    return on_connection(url, lambda connection: _extend(connection, months))


def _extend(connection: Connection, months: int) -> int:
    """Has the database's own function make what is missing; how many it made."""
    if connection.dialect.name != "postgresql":
        return 0
    # The requests that wait behind this lock must not wait for long.
    connection.execute(text(_BRIEFLY))
    made = connection.execute(text("SELECT extend_audit_partitions(:months)"), {"months": months}).scalar()
    connection.commit()
    return int(made or 0)
