"""Records may have a label of sensitivity."""

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Forward."""
    op.add_column("records", sa.Column("sensitivity", sa.String(32)))


def downgrade() -> None:
    """Back. Where labels are in use, they are lost, and the records are given like any other."""
    op.drop_column("records", "sensitivity")
