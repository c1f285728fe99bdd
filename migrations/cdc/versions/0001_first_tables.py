"""First tables: customers, source records, blocking keys, reviews, clients, revoked tokens, access log."""

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None

# The types as this revision knows them: what the application's types become later must not change the past.
IDENTIFIER = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")

_REFUSE_ON_POSTGRESQL = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$;
"""
_TRIGGER_ON_POSTGRESQL = """
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
# INSERT OR REPLACE deletes without asking the trigger on DELETE: hence the one on INSERT.
_TRIGGERS_ON_SQLITE = {
    "audit_events_no_update": "UPDATE ON audit_events",
    "audit_events_no_delete": "DELETE ON audit_events",
    "audit_events_no_replace": (
        "INSERT ON audit_events WHEN EXISTS (SELECT 1 FROM audit_events WHERE event_id = NEW.event_id)"
    ),
}


def upgrade() -> None:
    _create_index_tables()
    _create_matching_tables()
    _create_access_tables()
    _create_access_log()


def downgrade() -> None:
    for table in ("audit_events", "revoked_tokens", "clients", "reviews"):
        op.drop_table(table)
    for table in ("blocking_keys", "source_records", "customers"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")


def _create_index_tables() -> None:
    op.create_table(
        "customers",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_customers")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "source_records",
        sa.Column("record_id", IDENTIFIER, nullable=False),
        sa.Column("source_system", sa.Text(), nullable=False),
        sa.Column("local_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("data_key_id", sa.Text(), nullable=False),
        sa.Column("deceased", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("key_hashes", sa.LargeBinary(), nullable=False),
        sa.Column("index_key_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.customer_id"], name=op.f("fk_source_records_customer_id_customers")
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_source_records")),
        sa.UniqueConstraint(
            "source_system", "local_id", name=op.f("uq_source_records_source_system_local_id")
        ),
    )
    op.create_index(op.f("ix_source_records_customer_id"), "source_records", ["customer_id"])


def _create_matching_tables() -> None:
    op.create_table(
        "blocking_keys",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("record_id", IDENTIFIER, nullable=False),
        sa.PrimaryKeyConstraint("key", "record_id", name=op.f("pk_blocking_keys")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reviews",
        sa.Column("review_id", IDENTIFIER, nullable=False),
        sa.Column("record_id", IDENTIFIER, nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("candidate_id", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["source_records.record_id"], name=op.f("fk_reviews_record_id_source_records")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.customer_id"], name=op.f("fk_reviews_customer_id_customers")
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["customers.customer_id"], name=op.f("fk_reviews_candidate_id_customers")
        ),
        sa.PrimaryKeyConstraint("review_id", name=op.f("pk_reviews")),
    )
    op.create_index(op.f("ix_reviews_record_id"), "reviews", ["record_id"])


def _create_access_tables() -> None:
    op.create_table(
        "clients",
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text()),
        sa.Column("source_systems", sa.Text()),
        sa.Column("rate", sa.Integer()),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("not_before", INSTANT),
        sa.Column("secret_digest", sa.LargeBinary(), nullable=False),
        sa.Column("pepper_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_clients")),
    )
    op.create_table(
        "revoked_tokens",
        sa.Column("token_id", sa.Text(), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_revoked_tokens")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_revoked_tokens_expires_at"), "revoked_tokens", ["expires_at"])


def _create_access_log() -> None:
    subject = ("client_id", "actor", "customer_id")
    decision = ("grade", "elements_digest", "token_id", "match_id")
    origin = ("source", "request_id", "trace_id", "model", "policy")
    op.create_table(
        "audit_events",
        sa.Column("event_id", IDENTIFIER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text()) for name in subject),
        sa.Column("domains", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text()),
        sa.Column("reasons", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text()) for name in (*decision, *origin)),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("statement", sa.LargeBinary()),
        sa.Column("data_key_id", sa.Text()),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_audit_events")),
        sqlite_with_rowid=False,
    )
    for column in ("customer_id", "client_id"):
        op.create_index(op.f(f"ix_audit_events_{column}_event_id"), "audit_events", [column, "event_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_REFUSE_ON_POSTGRESQL)
        op.execute(_TRIGGER_ON_POSTGRESQL)
        return
    for name, occasion in _TRIGGERS_ON_SQLITE.items():
        refused = occasion.split(" ", 1)[0]
        message = f"audit_events is append-only: {'REPLACE' if refused == 'INSERT' else refused} is refused"
        op.execute(f"CREATE TRIGGER {name} BEFORE {occasion} BEGIN SELECT RAISE(ABORT, '{message}'); END")
