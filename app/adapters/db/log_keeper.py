"""Drops what the access log need not keep any longer: the owner's work, past what holds the service.

On PostgreSQL whole partitions go, which no trigger asks about. On SQLite, where the service owns the file,
the trigger that refuses DELETE is taken away and put back within the one transaction.
"""

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, exists, func, insert, select, text

from app.adapters.db.event_search import SLACK
from app.adapters.db.event_store import open_row
from app.adapters.db.migrate import on_connection
from app.adapters.db.tables import audit_blocks, audit_events, audit_leaves, audit_postings
from app.core.audit.event import Event
from app.core.audit.log import first_id_at
from app.services.log_ports import Survey

_MONTH = re.compile(r"audit_events_(\d{4})_(\d{2})")
_FIRST, _OLD = "audit_events_earlier", "audit_events_old"
_KEEP = f"INSERT INTO audit_events SELECT * FROM {_OLD} WHERE event_id >= :first"  # noqa: S608
_PARTITIONS = text(
    "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'audit_events'::regclass ORDER BY 1"
)
_REFUSES_DELETE = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = 'audit_events_no_delete'"


@dataclass(frozen=True, slots=True)
class SqlLogKeeper:
    """Implements the port `LogKeeper`, on a connection of its own as the role in the URL."""

    url: str

    async def survey(self, before: datetime) -> Survey:
        """How many events there are before this time, and how many of them have no leaf."""

        def work(connection: Connection) -> Survey:
            return _survey(connection, before)

        return await asyncio.to_thread(on_connection, self.url, work)

    async def drop(self, before: datetime, event: Event) -> None:
        """Drops the events before this time, the beginning of a month, and writes the event that says so."""

        def work(connection: Connection) -> None:
            if connection.dialect.name == "postgresql":
                _drop_partitions(connection, before)
            else:
                _delete(connection, before)
            _forget_lists(connection, before)
            connection.execute(insert(audit_events).values(open_row(event)))
            connection.commit()

        await asyncio.to_thread(on_connection, self.url, work)


def _survey(connection: Connection, before: datetime) -> Survey:
    old = audit_events.c.event_id < first_id_at(before)
    leaf = exists().where(audit_leaves.c.event_id == audit_events.c.event_id)
    count = select(func.count()).select_from(audit_events).where(old)
    return Survey(
        int(connection.execute(count).scalar_one()), int(connection.execute(count.where(~leaf)).scalar_one())
    )


def _drop_partitions(connection: Connection, before: datetime) -> None:
    """Months of their own go as they are. The first partition, open to the past, then ends at the oldest kept
    month; events in it that are to stay move into months of their own."""
    connection.execute(text("SET LOCAL lock_timeout = '5s'"))
    months = {name: month for (name,) in connection.execute(_PARTITIONS) if (month := _month(name))}
    began = min(months.values())
    for name in (name for name, month in months.items() if month < before):
        connection.execute(text(f"DROP TABLE {name}"))
    connection.execute(text(f"ALTER TABLE audit_events DETACH PARTITION {_FIRST}"))
    connection.execute(text(f"ALTER TABLE {_FIRST} RENAME TO {_OLD}"))
    first = min((month for month in months.values() if month >= before), default=_next(max(months.values())))
    _add(connection, _FIRST, "(MINVALUE)", before if began > before else first)
    month = before
    while month < began:
        _add(connection, f"audit_events_{month:%Y_%m}", f"('{first_id_at(month)}')", _next(month))
        month = _next(month)
    connection.execute(text(_KEEP), {"first": first_id_at(before)})
    connection.execute(text(f"DROP TABLE {_OLD}"))


def _add(connection: Connection, name: str, start: str, end: datetime) -> None:
    bounds = f"FROM {start} TO ('{first_id_at(end)}')"
    connection.execute(text("SELECT add_audit_partition(:name, :bounds)"), {"name": name, "bounds": bounds})


def _next(month: datetime) -> datetime:
    """The month after this one."""
    return (month + timedelta(days=31)).replace(day=1)


def _month(name: str) -> datetime | None:
    found = _MONTH.fullmatch(name)
    return datetime(int(found[1]), int(found[2]), 1, tzinfo=UTC) if found else None


def _delete(connection: Connection, before: datetime) -> None:
    trigger = connection.execute(text(_REFUSES_DELETE)).scalar_one()
    connection.execute(text("DROP TRIGGER audit_events_no_delete"))
    connection.execute(delete(audit_events).where(audit_events.c.event_id < first_id_at(before)))
    connection.exec_driver_sql(trigger)


def _forget_lists(connection: Connection, before: datetime) -> None:
    """Of blocks that have no event any more. The last block stays: from it the next one is counted."""
    block = audit_blocks.c
    last = select(func.max(block.block)).scalar_subquery()
    gone = select(block.block).where(block.last_at < before - SLACK, block.block < last)
    connection.execute(delete(audit_postings).where(audit_postings.c.block.in_(gone)))
    connection.execute(delete(audit_blocks).where(block.last_at < before - SLACK, block.block < last))
