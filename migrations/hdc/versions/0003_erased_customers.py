"""Records of customers who were erased: read by nobody, kept until a day."""

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Forward."""
    op.add_column("records", sa.Column("kept_until", sa.DateTime(timezone=True)))
    op.create_index("ix_records_kept_until", "records", ["kept_until"])
    op.create_table(
        "erased_customers",
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name="pk_erased_customers"),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("erased_customers")
    op.drop_index("ix_records_kept_until", "records")
    op.drop_column("records", "kept_until")
