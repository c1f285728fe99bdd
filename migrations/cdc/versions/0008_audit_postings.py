"""Posting lists of the sealed access log: what it is searched by."""

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | None = None
depends_on: str | None = None

_BY_CLIENT = "ix_audit_events_client_id_event_id"
INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "audit_blocks",
        sa.Column("block", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first_at", INSTANT, nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("block", name=op.f("pk_audit_blocks")),
    )
    op.create_table(
        "audit_postings",
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("block", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("places", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("term", "block", name=op.f("pk_audit_postings")),
        sqlite_with_rowid=False,
    )
    # The lists find a client's events, too: one index less to keep for each event that is written.
    op.drop_index(_BY_CLIENT, table_name="audit_events")


def downgrade() -> None:
    op.create_index(_BY_CLIENT, "audit_events", ["client_id", "event_id"])
    op.drop_table("audit_postings")
    op.drop_table("audit_blocks")
