"""The table of accesses in an emergency. What a column means stands in docs/storage.md."""

from sqlalchemy import Column, Index, Table, Text

from app.adapters.db.metadata import metadata
from app.adapters.db.types import Identifier, Instant, Words

emergency_accesses = Table(
    "emergency_accesses",
    metadata,
    # No foreign keys: an access outlives its event, whose retention may end.
    Column("event_id", Identifier, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("actor", Text),
    Column("customer_id", Text, nullable=False),
    Column("domains", Words, nullable=False),
    Column("verdict", Text),
    Column("decided_at", Instant),
    Column("decided_by", Text),
    Column("decided_in", Identifier),
)
Index(
    "ix_emergency_accesses_event_id_open",
    emergency_accesses.c.event_id,
    postgresql_where=emergency_accesses.c.verdict.is_(None),
    sqlite_where=emergency_accesses.c.verdict.is_(None),
)
