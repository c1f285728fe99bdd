"""The center's tables. Migrations build them; a test holds that both say the same."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC on every database; SQLite keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC; without its zone where the database keeps none."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Aware, in UTC."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

records = Table(
    "records",
    metadata,
    Column("record_id", String(36), primary_key=True),
    Column("customer_id", String(64), nullable=False),
    Column("domain", String(16), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("occurred_at", UtcDateTime, nullable=False),
    Column("source_system", String(64), nullable=False),
    Column("source_id", String(128), nullable=False),
    Column("written_by", String(64), nullable=False),
    Column("body_key_id", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    # The customer under whom the record came, where that one is known under another ID.
    Column("original_customer_id", String(64)),
    # The customer was erased: nobody reads the record any more, and from then on it may go.
    Column("kept_until", UtcDateTime, index=True),
    Column("sensitivity", String(32)),
    UniqueConstraint("source_system", "source_id"),
    Index(None, "customer_id", "domain", "occurred_at", "record_id"),
)

merged_customers = Table(
    "merged_customers",
    metadata,
    Column("customer_id", String(64), primary_key=True),
    Column("survivor_id", String(64), nullable=False, index=True),
)

erased_customers = Table(
    "erased_customers",
    metadata,
    Column("customer_id", String(64), primary_key=True),
)

change_feed = Table(
    "change_feed",
    metadata,
    Column("feed", String(16), primary_key=True),
    Column("position", BigInteger, nullable=False),
)

access_events = Table(
    "access_events",
    metadata,
    Column("event_id", String(36), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("reasons", Text, nullable=False),
    Column("client_id", String(64)),
    Column("actor", String(64)),
    Column("customer_id", String(64)),
    Column("domains", Text, nullable=False),
    Column("purpose", String(32)),
    Column("token_id", String(128)),
    Column("source", String(64)),
    Column("request_id", String(128)),
    Column("records", Integer),
    Column("count", Integer, nullable=False),
    Index(None, "customer_id", "event_id"),
    Index(None, "client_id", "event_id"),
    # Without a row id there is no second key by which INSERT OR REPLACE could overwrite an event unseen.
    sqlite_with_rowid=False,
)
