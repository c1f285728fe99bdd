"""Clients that prove themselves by keys instead of a secret, and the assertions that were taken."""

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | None = None
depends_on: str | None = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("clients") as clients:
        clients.alter_column("secret_digest", existing_type=sa.LargeBinary(), nullable=True)
        clients.alter_column("pepper_id", existing_type=sa.Text(), nullable=True)
        clients.add_column(sa.Column("jwks", sa.Text(), nullable=True))
        clients.add_column(sa.Column("jwks_uri", sa.Text(), nullable=True))
    op.create_table(
        "used_assertions",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_used_assertions")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_used_assertions_expires_at"), "used_assertions", ["expires_at"])


def downgrade() -> None:
    op.drop_table("used_assertions")
    # Before, a client had a secret: those with keys have none, and must be registered again.
    op.execute("DELETE FROM clients WHERE secret_digest IS NULL")
    with op.batch_alter_table("clients") as clients:
        clients.drop_column("jwks_uri")
        clients.drop_column("jwks")
        clients.alter_column("pepper_id", existing_type=sa.Text(), nullable=False)
        clients.alter_column("secret_digest", existing_type=sa.LargeBinary(), nullable=False)
