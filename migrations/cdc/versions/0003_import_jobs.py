"""Import jobs: uploaded rows and their results, sealed, with how far each job has come."""

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None

IDENTIFIER = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "import_jobs",
        sa.Column("import_id", IDENTIFIER, nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("source_system", sa.Text()),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("parts_done", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("outcomes", sa.Text(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("lease_until", INSTANT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_import_jobs")),
    )
    op.create_index(op.f("ix_import_jobs_status"), "import_jobs", ["status"])
    op.create_table(
        "import_parts",
        sa.Column("import_id", IDENTIFIER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("data_key_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import_jobs.import_id"], name=op.f("fk_import_parts_import_id_import_jobs")
        ),
        sa.PrimaryKeyConstraint("import_id", "kind", "part", name=op.f("pk_import_parts")),
    )


def downgrade() -> None:
    op.drop_table("import_parts")
    op.drop_table("import_jobs")
