"""What an erasure looks for is found by an index: lines of the change feed, and results of imports."""

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | None = None
depends_on: str | None = None

IDENTIFIER = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")


def upgrade() -> None:
    where = sa.text("local_id IS NOT NULL")
    op.create_index(
        "ix_changes_customer_id", "changes", ["customer_id"], postgresql_where=where, sqlite_where=where
    )
    op.create_table(
        "import_names",
        sa.Column("import_id", IDENTIFIER, nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("names", sa.LargeBinary(), nullable=False),
        sa.Column("index_key_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("import_id", "part", name=op.f("pk_import_names")),
    )


def downgrade() -> None:
    op.drop_table("import_names")
    op.drop_index("ix_changes_customer_id", "changes")
