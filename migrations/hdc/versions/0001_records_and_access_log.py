"""Records, and an access log that the database keeps append-only."""

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None

_REFUSED = "access_events is append-only"


def upgrade() -> None:
    """Forward."""
    _create_records()
    _create_access_events()
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def downgrade() -> None:
    """Back; the triggers go with their table."""
    op.drop_table("access_events")
    op.drop_table("records")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change_of_access_events()")


def _create_records() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "records",
        sa.Column("record_id", sa.String(36), nullable=False),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("domain", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("occurred_at", moment, nullable=False),
        sa.Column("source_system", sa.String(64), nullable=False),
        sa.Column("source_id", sa.String(128), nullable=False),
        sa.Column("written_by", sa.String(64), nullable=False),
        sa.Column("body_key_id", sa.String(64), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("record_id", name="pk_records"),
        sa.UniqueConstraint("source_system", "source_id", name="uq_records_source_system_source_id"),
    )
    op.create_index(
        "ix_records_customer_id_domain_occurred_at_record_id",
        "records",
        ["customer_id", "domain", "occurred_at", "record_id"],
    )


def _create_access_events() -> None:
    op.create_table(
        "access_events",
        sa.Column("event_id", sa.String(36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("client_id", sa.String(64)),
        sa.Column("actor", sa.String(64)),
        sa.Column("customer_id", sa.String(64)),
        sa.Column("domains", sa.Text, nullable=False),
        sa.Column("purpose", sa.String(32)),
        sa.Column("token_id", sa.String(128)),
        sa.Column("source", sa.String(64)),
        sa.Column("request_id", sa.String(128)),
        sa.Column("records", sa.Integer),
        sa.Column("count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_access_events"),
        sqlite_with_rowid=False,
    )
    for column in ("customer_id", "client_id"):
        op.create_index(f"ix_access_events_{column}_event_id", "access_events", [column, "event_id"])


def _guard_sqlite() -> None:
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER access_events_no_{change.lower()} BEFORE {change} ON access_events "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
        )
    # INSERT OR REPLACE deletes without firing a DELETE trigger.
    op.execute(
        "CREATE TRIGGER access_events_no_replace BEFORE INSERT ON access_events "
        "WHEN EXISTS (SELECT 1 FROM access_events WHERE event_id = NEW.event_id) "
        "BEGIN SELECT RAISE(ABORT, 'access_events is append-only'); END"
    )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change_of_access_events() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER access_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_events "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_access_events()"
    )
