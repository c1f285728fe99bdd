"""Accesses in an emergency, to be judged."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels: str | None = None
depends_on: str | None = None

IDENTIFIER = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
FROM_THE_LOG = """
INSERT INTO emergency_accesses (event_id, at, client_id, actor, customer_id, domains)
SELECT event_id, at, client_id, actor, customer_id, domains FROM audit_events
WHERE kind = 'access' AND outcome = 'permit' AND purpose = 'ETREAT'
  AND client_id IS NOT NULL AND customer_id IS NOT NULL
"""
"""What was permitted before there was this table waits for a verdict, too."""


def upgrade() -> None:
    op.create_table(
        "emergency_accesses",
        sa.Column("event_id", IDENTIFIER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text()),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("domains", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text()),
        sa.Column("decided_at", INSTANT),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided_in", IDENTIFIER),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_emergency_accesses")),
    )
    undecided = sa.text("verdict IS NULL")
    op.create_index(
        "ix_emergency_accesses_event_id_open",
        "emergency_accesses",
        ["event_id"],
        postgresql_where=undecided,
        sqlite_where=undecided,
    )
    op.execute(FROM_THE_LOG)


def downgrade() -> None:
    op.drop_table("emergency_accesses")
