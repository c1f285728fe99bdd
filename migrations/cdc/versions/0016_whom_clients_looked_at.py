"""Posting lists say whom clients looked at: those that do not are made anew, by a service that seals."""

from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.execute("DELETE FROM audit_postings")
    op.execute("DELETE FROM audit_blocks")


def downgrade() -> None:
    op.execute("DELETE FROM audit_postings WHERE term LIKE 'customers_of=%'")
