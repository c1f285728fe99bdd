"""The tables. What a column means that its name does not say stands in docs/storage.md."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from app.adapters.db.consent_tables import consent_withdrawals as consent_withdrawals
from app.adapters.db.consent_tables import consents as consents
from app.adapters.db.emergency_tables import emergency_accesses as emergency_accesses
from app.adapters.db.import_tables import import_jobs as import_jobs
from app.adapters.db.import_tables import import_names as import_names
from app.adapters.db.import_tables import import_parts as import_parts
from app.adapters.db.metadata import metadata as metadata
from app.adapters.db.policy_tables import policy_sets as policy_sets
from app.adapters.db.types import Bytes, Identifier, Instant, Json, Real, RowNumber, Words


def belongs_to_the_schema(name: str | None, kind: str, _parents: object) -> bool:
    """What Alembic is to compare: partitions are not in the metadata, the table they are of is."""
    return not (kind == "table" and name is not None and name.startswith("audit_events_"))


customers = Table(
    "customers",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("created_at", Instant, nullable=False),
    # Where a retired customer is found: whom they were merged into, by which decision, and, those who were
    # retired in their turn followed through, who that is today.
    Column("merged_into", Text),
    Column("merge_id", Identifier),
    Column("survivor_id", Text),
    # Customer-bound tokens issued until then are dead.
    Column("tokens_not_before", Instant),
    # Since when nothing but the ID is left of them.
    Column("erased_at", Instant),
    sqlite_with_rowid=False,
)
for _column in ("survivor_id", "erased_at"):
    Index(
        f"ix_customers_{_column}",
        customers.c[_column],
        postgresql_where=customers.c[_column].is_not(None),
        sqlite_where=customers.c[_column].is_not(None),
    )

erasures = Table(
    "erasures",
    metadata,
    Column("erasure_id", Identifier, primary_key=True),
    Column("customer_id", Text, nullable=False),
    Column("homes", Words, nullable=False),
    Column("basis", Text, nullable=False),
    Column("reference", Text),
    Column("requested_by", Text, nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("confirmed_by", Text),
    Column("confirmed_at", Instant),
)

customer_keys = Table(
    "customer_keys",
    metadata,
    # What is sealed under a customer's key names the customer as its `data_key_id`. No foreign key: a row is
    # only ever written together with its customer.
    Column("customer_id", Text, primary_key=True),
    Column("wrapped", Bytes, nullable=False),
    Column("data_key_id", Text, nullable=False),
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
    # The customer whom the record was linked to, where that one is retired.
    Column("home_id", Text),
    UniqueConstraint("source_system", "local_id"),
)

source_record_versions = Table(
    "source_record_versions",
    metadata,
    # Contents that were replaced or withdrawn: true from `updated_at` until `until`.
    Column("record_id", Identifier, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("source_system", Text, nullable=False),
    Column("local_id", Text, nullable=False),
    Column("sealed", Bytes, nullable=False),
    Column("data_key_id", Text, nullable=False),
    Column("deceased", Boolean, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
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
    # No foreign key: a record may be withdrawn.
    Column("record_id", Identifier, nullable=False, index=True),
    Column("customer_id", Text, ForeignKey("customers.customer_id"), nullable=False, index=True),
    Column("candidate_id", Text, ForeignKey("customers.customer_id"), nullable=False, index=True),
    Column("score", Real, nullable=False),
    Column("reasons", Words, nullable=False),
    Column("model", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("assigned_to", Text),
    Column("decision", Text),
    Column("decided_by", Text),
    Column("decided_at", Instant),
    Index(None, "status", "score", "review_id"),
)

identity_decisions = Table(
    "identity_decisions",
    metadata,
    # Append-only. `position` is the order of decisions that depend on each other: each is written under a
    # lock that the other waits for.
    Column("position", RowNumber, primary_key=True),
    Column("decision_id", Identifier, nullable=False, unique=True),
    Column("at", Instant, nullable=False),
    Column("act", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("actor", Text),
    Column("why", Text, nullable=False),
    Column("model", Text),
    Column("customer_id", Text, nullable=False, index=True),
    Column("other_id", Text),
    Column("record_id", Identifier),
    Column("other_record_id", Identifier),
    Column("undoes", Identifier),
    Column("evidence", Bytes),
    Column("data_key_id", Text),
    sqlite_autoincrement=True,
)
for _column in ("other_id", "record_id"):
    Index(
        f"ix_identity_decisions_{_column}",
        identity_decisions.c[_column],
        postgresql_where=identity_decisions.c[_column].is_not(None),
        sqlite_where=identity_decisions.c[_column].is_not(None),
    )

distinct_pairs = Table(
    "distinct_pairs",
    metadata,
    # Both directions of each pair. The digests are of the elements that the decision was about.
    Column("record_id", Identifier, primary_key=True),
    Column("other_record_id", Identifier, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("other_digest", Text, nullable=False),
    Column("decision_id", Identifier, nullable=False),
)

changes = Table(
    "changes",
    metadata,
    # `position` is given when a follower first asks, to what is committed by then: no row is ever committed
    # behind a position that somebody has read.
    Column("row_number", RowNumber, primary_key=True),
    Column("position", BigInteger, unique=True),
    Column("change_id", Identifier, nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("other_id", Text),
    Column("homes", Words, nullable=False),
    Column("source_system", Text),
    Column("local_id", Text),
    sqlite_autoincrement=True,
)
# What an erasure empties: lines that still tell a local ID.
Index(
    "ix_changes_customer_id",
    changes.c.customer_id,
    postgresql_where=changes.c.local_id.is_not(None),
    sqlite_where=changes.c.local_id.is_not(None),
)
Index(
    "ix_changes_row_number_unplaced",
    changes.c.row_number,
    postgresql_where=changes.c.position.is_(None),
    sqlite_where=changes.c.position.is_(None),
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
    # A client has a secret, or keys: in the row or under a URL.
    Column("secret_digest", Bytes),
    Column("pepper_id", Text),
    Column("jwks", Json),
    Column("jwks_uri", Text),
    # When these were made or last replaced; null where that was before it was recorded.
    Column("proved_since", Instant),
)

used_assertions = Table(
    "used_assertions",
    metadata,
    Column("digest", Bytes, primary_key=True),
    Column("expires_at", Instant, nullable=False, index=True),
    sqlite_with_rowid=False,
)

accounts = Table(
    "accounts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("password_hash", Text),
    Column("one_time_until", Instant),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Instant),
    Column("last_sign_in_at", Instant),
)

console_sessions = Table(
    "console_sessions",
    metadata,
    Column("session_id", Identifier, primary_key=True),
    Column("account", Text, ForeignKey("accounts.name"), nullable=False, index=True),
    Column("secret_digest", Bytes, nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
)

revoked_tokens = Table(
    "revoked_tokens",
    metadata,
    Column("token_id", Text, primary_key=True),
    Column("expires_at", Instant, nullable=False, index=True),
    sqlite_with_rowid=False,
)

# On PostgreSQL in partitions by the month of `event_id` (audit_events_2026_11), one at each end open.
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
    # Without a rowid there is no second key by which REPLACE could pass the triggers.
    sqlite_with_rowid=False,
)

alerts = Table(
    "alerts",
    metadata,
    Column("alert_id", Identifier, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("rule", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("window_seconds", Integer, nullable=False),
    Column("client_id", Text),
    Column("customer_id", Text),
    Column("acknowledged_at", Instant),
    Column("acknowledged_by", Text),
    Column("sent_at", Instant),
    Index(None, "rule", "at"),
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

# What the sealed log can be searched by: derived from it, a block at a time, and never changed.
audit_blocks = Table(
    "audit_blocks",
    metadata,
    Column("block", BigInteger, primary_key=True, autoincrement=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
)

audit_postings = Table(
    "audit_postings",
    metadata,
    Column("term", Text, primary_key=True),
    Column("block", BigInteger, primary_key=True, autoincrement=False),
    Column("places", Bytes, nullable=False),
    sqlite_with_rowid=False,
)
