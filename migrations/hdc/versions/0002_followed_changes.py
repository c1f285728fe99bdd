"""Records remember the customer they came under; merged customers and the place in the change feed."""

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Forward."""
    op.add_column("records", sa.Column("original_customer_id", sa.String(64)))
    op.create_table(
        "merged_customers",
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("survivor_id", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name="pk_merged_customers"),
    )
    op.create_index("ix_merged_customers_survivor_id", "merged_customers", ["survivor_id"])
    op.create_table(
        "change_feed",
        sa.Column("feed", sa.String(16), nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("feed", name="pk_change_feed"),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("change_feed")
    op.drop_table("merged_customers")
    op.drop_column("records", "original_customer_id")
