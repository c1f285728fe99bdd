"""Erasures: requests and their confirmation, and who was erased."""

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | None = None
depends_on: str | None = None

IDENTIFIER = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("erasure_id", IDENTIFIER, nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("homes", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text()),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("requested_at", INSTANT, nullable=False),
        sa.Column("confirmed_by", sa.Text()),
        sa.Column("confirmed_at", INSTANT),
        sa.PrimaryKeyConstraint("erasure_id", name=op.f("pk_erasures")),
    )
    where = sa.text("erased_at IS NOT NULL")
    op.create_index(
        "ix_customers_erased_at", "customers", ["erased_at"], postgresql_where=where, sqlite_where=where
    )


def downgrade() -> None:
    op.drop_index("ix_customers_erased_at", "customers")
    op.drop_table("erasures")
