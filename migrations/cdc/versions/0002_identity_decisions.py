"""The ledger of identity decisions, merges, old contents of records, decided pairs, the change feed."""

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None

# The types as this revision knows them.
IDENTIFIER = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_TRIGGER_ON_POSTGRESQL = """
CREATE TRIGGER identity_decisions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON identity_decisions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
# INSERT OR REPLACE deletes without asking the trigger on DELETE: hence the one on INSERT.
_TRIGGERS_ON_SQLITE = {
    "identity_decisions_no_update": "UPDATE ON identity_decisions",
    "identity_decisions_no_delete": "DELETE ON identity_decisions",
    "identity_decisions_no_replace": (
        "INSERT ON identity_decisions WHEN EXISTS (SELECT 1 FROM identity_decisions"
        " WHERE position = NEW.position OR decision_id = NEW.decision_id)"
    ),
}
# Records that were registered before there was a ledger get their decision now. The record's own ID, which
# no decision can have, is the decision's, too.
_BACKFILL = """
INSERT INTO identity_decisions (decision_id, at, act, "by", why, customer_id, record_id)
SELECT record_id, updated_at, 'link', 'migration', 'registered_before_the_ledger', customer_id, record_id
FROM source_records ORDER BY record_id
"""


def upgrade() -> None:
    _extend_customers_and_records()
    _extend_reviews()
    _create_ledger()
    _create_changes()
    op.execute(_BACKFILL)


def downgrade() -> None:
    for table in ("changes", "distinct_pairs", "identity_decisions", "source_record_versions"):
        op.drop_table(table)
    for name in ("ix_reviews_status_score_review_id", "ix_reviews_candidate_id", "ix_reviews_customer_id"):
        op.drop_index(name, "reviews")
    # What names a record that was withdrawn has no place in the older schema.
    op.execute("DELETE FROM reviews WHERE record_id NOT IN (SELECT record_id FROM source_records)")
    with op.batch_alter_table("reviews") as reviews:
        for name in ("decided_at", "decided_by", "decision", "assigned_to"):
            reviews.drop_column(name)
        reviews.create_foreign_key(
            "fk_reviews_record_id_source_records", "source_records", ["record_id"], ["record_id"]
        )
    op.drop_column("source_records", "home_id")
    op.drop_index("ix_customers_survivor_id", "customers")
    for name in ("tokens_not_before", "survivor_id", "merge_id", "merged_into"):
        op.drop_column("customers", name)


def _extend_customers_and_records() -> None:
    op.add_column("customers", sa.Column("merged_into", sa.Text()))
    op.add_column("customers", sa.Column("merge_id", IDENTIFIER))
    op.add_column("customers", sa.Column("survivor_id", sa.Text()))
    op.add_column("customers", sa.Column("tokens_not_before", INSTANT))
    _partial_index("ix_customers_survivor_id", "customers", "survivor_id", "survivor_id IS NOT NULL")
    op.add_column("source_records", sa.Column("home_id", sa.Text()))
    op.create_table(
        "source_record_versions",
        sa.Column("record_id", IDENTIFIER, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source_system", sa.Text(), nullable=False),
        sa.Column("local_id", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("data_key_id", sa.Text(), nullable=False),
        sa.Column("deceased", sa.Boolean(), nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("record_id", "version", name=op.f("pk_source_record_versions")),
    )


def _extend_reviews() -> None:
    with op.batch_alter_table("reviews") as reviews:
        reviews.drop_constraint("fk_reviews_record_id_source_records", type_="foreignkey")
        reviews.add_column(sa.Column("assigned_to", sa.Text()))
        reviews.add_column(sa.Column("decision", sa.Text()))
        reviews.add_column(sa.Column("decided_by", sa.Text()))
        reviews.add_column(sa.Column("decided_at", INSTANT))
    op.create_index("ix_reviews_customer_id", "reviews", ["customer_id"])
    op.create_index("ix_reviews_candidate_id", "reviews", ["candidate_id"])
    op.create_index("ix_reviews_status_score_review_id", "reviews", ["status", "score", "review_id"])


def _create_ledger() -> None:
    op.create_table(
        "identity_decisions",
        sa.Column("position", ROW_NUMBER, nullable=False),
        sa.Column("decision_id", IDENTIFIER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text()),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("model", sa.Text()),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("other_id", sa.Text()),
        sa.Column("record_id", IDENTIFIER),
        sa.Column("other_record_id", IDENTIFIER),
        sa.Column("undoes", IDENTIFIER),
        sa.Column("evidence", sa.LargeBinary()),
        sa.Column("data_key_id", sa.Text()),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_identity_decisions")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_identity_decisions_decision_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_identity_decisions_customer_id", "identity_decisions", ["customer_id"])
    for column in ("other_id", "record_id"):
        name = f"ix_identity_decisions_{column}"
        _partial_index(name, "identity_decisions", column, f"{column} IS NOT NULL")
    op.create_table(
        "distinct_pairs",
        sa.Column("record_id", IDENTIFIER, nullable=False),
        sa.Column("other_record_id", IDENTIFIER, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("other_digest", sa.Text(), nullable=False),
        sa.Column("decision_id", IDENTIFIER, nullable=False),
        sa.PrimaryKeyConstraint("record_id", "other_record_id", name=op.f("pk_distinct_pairs")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_TRIGGER_ON_POSTGRESQL)
        return
    for name, occasion in _TRIGGERS_ON_SQLITE.items():
        refused = occasion.split(" ", 1)[0]
        word = "REPLACE" if refused == "INSERT" else refused
        message = f"identity_decisions is append-only: {word} is refused"
        op.execute(f"CREATE TRIGGER {name} BEFORE {occasion} BEGIN SELECT RAISE(ABORT, '{message}'); END")


def _create_changes() -> None:
    op.create_table(
        "changes",
        sa.Column("row_number", ROW_NUMBER, nullable=False),
        sa.Column("position", sa.BigInteger()),
        sa.Column("change_id", IDENTIFIER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("other_id", sa.Text()),
        sa.Column("homes", sa.Text(), nullable=False),
        sa.Column("source_system", sa.Text()),
        sa.Column("local_id", sa.Text()),
        sa.PrimaryKeyConstraint("row_number", name=op.f("pk_changes")),
        sa.UniqueConstraint("position", name=op.f("uq_changes_position")),
        sqlite_autoincrement=True,
    )
    _partial_index("ix_changes_row_number_unplaced", "changes", "row_number", "position IS NULL")


def _partial_index(name: str, table: str, column: str, condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, [column], postgresql_where=where, sqlite_where=where)
