"""Alerts: what rules found in the access log."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels: str | None = None
depends_on: str | None = None

IDENTIFIER = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("alert_id", IDENTIFIER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("window_seconds", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Text()),
        sa.Column("customer_id", sa.Text()),
        sa.Column("acknowledged_at", INSTANT),
        sa.Column("acknowledged_by", sa.Text()),
        sa.Column("sent_at", INSTANT),
        sa.PrimaryKeyConstraint("alert_id", name=op.f("pk_alerts")),
    )
    op.create_index(op.f("ix_alerts_rule_at"), "alerts", ["rule", "at"])


def downgrade() -> None:
    op.drop_table("alerts")
