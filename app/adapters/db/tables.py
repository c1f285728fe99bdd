"""The tables. What a column means that its name does not say stands in docs/storage.md."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from app.adapters.db.types import Bytes, Identifier, Instant, Json, Words

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

customers = Table(
    "customers",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("created_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

source_records = Table(
    "source_records",
    metadata,
    Column("record_id", Identifier, primary_key=True),
    Column("source_system", Text, nullable=False),
    Column("local_id", Text, nullable=False),
    Column("customer_id", Text, ForeignKey("customers.customer_id"), nullable=False, index=True),
    Column("sealed", Bytes, nullable=False),
    Column("data_key_id", Text, nullable=False),
    Column("deceased", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", Instant, nullable=False),
    # The record's own blocking keys, 8 bytes each: what to delete from blocking_keys when it changes, and
    # which asked keys it holds, without a second index on blocking_keys.
    Column("key_hashes", Bytes, nullable=False),
    Column("index_key_id", Text, nullable=False),
    UniqueConstraint("source_system", "local_id"),
)

blocking_keys = Table(
    "blocking_keys",
    metadata,
    # No foreign key: a row is only ever written together with its record, and the check would be paid ten
    # times a record.
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("record_id", Identifier, primary_key=True),
    sqlite_with_rowid=False,
)

reviews = Table(
    "reviews",
    metadata,
    Column("review_id", Identifier, primary_key=True),
    Column("record_id", Identifier, ForeignKey("source_records.record_id"), nullable=False, index=True),
    Column("customer_id", Text, ForeignKey("customers.customer_id"), nullable=False),
    Column("candidate_id", Text, ForeignKey("customers.customer_id"), nullable=False),
    Column("score", Float, nullable=False),
    Column("reasons", Words, nullable=False),
    Column("model", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
)

clients = Table(
    "clients",
    metadata,
    Column("client_id", Text, primary_key=True),
    Column("scopes", Words, nullable=False),
    Column("domain", Text),
    Column("source_systems", Words),
    Column("rate", Integer),
    Column("active", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("not_before", Instant),
    Column("secret_digest", Bytes, nullable=False),
    Column("pepper_id", Text, nullable=False),
)

revoked_tokens = Table(
    "revoked_tokens",
    metadata,
    Column("token_id", Text, primary_key=True),
    Column("expires_at", Instant, nullable=False, index=True),
    sqlite_with_rowid=False,
)

audit_events = Table(
    "audit_events",
    metadata,
    Column("event_id", Identifier, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("client_id", Text),
    Column("actor", Text),
    Column("customer_id", Text),
    Column("domains", Words, nullable=False),
    Column("purpose", Text),
    Column("reasons", Words, nullable=False),
    Column("grade", Text),
    Column("elements_digest", Text),
    Column("token_id", Text),
    Column("match_id", Text),
    Column("source", Text),
    Column("request_id", Text),
    Column("trace_id", Text),
    Column("model", Text),
    Column("policy", Text),
    Column("count", Integer, nullable=False),
    Column("detail", Json, nullable=False),
    Column("statement", Bytes),
    Column("data_key_id", Text),
    Index(None, "customer_id", "event_id"),
    Index(None, "client_id", "event_id"),
)

audit_leaves = Table(
    "audit_leaves",
    metadata,
    Column("leaf_index", BigInteger, primary_key=True, autoincrement=False),
    # No foreign key: a leaf outlives its event, whose retention may end.
    Column("event_id", Identifier, nullable=False, unique=True),
    Column("leaf_hash", Bytes, nullable=False),
)

audit_tiles = Table(
    "audit_tiles",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("tile_index", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", Bytes, nullable=False),
    sqlite_with_rowid=False,
)

audit_checkpoints = Table(
    "audit_checkpoints",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("root", Bytes, nullable=False),
    Column("note", Text, nullable=False),
    Column("at", Instant, nullable=False),
)
