"""Consent directives and their withdrawals, append-only."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels: str | None = None
depends_on: str | None = None

# The types as this revision knows them: what the application's types become later must not change the past.
IDENTIFIER = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
TABLES = ("consents", "consent_withdrawals")


def upgrade() -> None:
    op.create_table(
        "consents",
        sa.Column("consent_id", IDENTIFIER, nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("stance", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("domains", sa.Text(), nullable=False),
        sa.Column("purposes", sa.Text(), nullable=False),
        sa.Column("partners", sa.Text(), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("sensitive", sa.Text(), nullable=False),
        sa.Column("valid_from", INSTANT, nullable=False),
        sa.Column("valid_until", INSTANT),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text()),
        sa.Column("copied_from", IDENTIFIER),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("data_key_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.customer_id"], name=op.f("fk_consents_customer_id_customers")
        ),
        sa.PrimaryKeyConstraint("consent_id", name=op.f("pk_consents")),
    )
    op.create_index(op.f("ix_consents_customer_id_consent_id"), "consents", ["customer_id", "consent_id"])
    op.create_table(
        "consent_withdrawals",
        sa.Column("consent_id", IDENTIFIER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text()),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("data_key_id", sa.Text()),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consents.consent_id"], name=op.f("fk_consent_withdrawals_consent_id_consents")
        ),
        sa.PrimaryKeyConstraint("consent_id", name=op.f("pk_consent_withdrawals")),
    )
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for table in TABLES:
        if on_postgresql:
            _append_only_on_postgresql(table)
        else:
            _append_only_on_sqlite(table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _append_only_on_postgresql(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _append_only_on_sqlite(table: str) -> None:
    """INSERT OR REPLACE deletes without asking the trigger on DELETE: hence the one on INSERT."""
    same = "consent_id = NEW.consent_id"
    occasions = {
        "update": f"UPDATE ON {table}",
        "delete": f"DELETE ON {table}",
        "replace": f"INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})",  # noqa: S608
    }
    for what, occasion in occasions.items():
        message = f"{table} is append-only: {what.upper()} is refused"
        op.execute(
            f"CREATE TRIGGER {table}_no_{what} BEFORE {occasion} BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
