"""The access log's Merkle tree: leaves, tiles and signed checkpoints, append-only like the events."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels: str | None = None
depends_on: str | None = None

# The types as this revision knows them: what the application's types become later must not change the past.
IDENTIFIER = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")

_KEYS = {
    "audit_leaves": ("leaf_index",),
    "audit_tiles": ("level", "tile_index"),
    "audit_checkpoints": ("size",),
}


def upgrade() -> None:
    op.create_table(
        "audit_leaves",
        sa.Column("leaf_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", IDENTIFIER, nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("leaf_index", name=op.f("pk_audit_leaves")),
        sa.UniqueConstraint("event_id", name=op.f("uq_audit_leaves_event_id")),
    )
    op.create_table(
        "audit_tiles",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tile_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "tile_index", name=op.f("pk_audit_tiles")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "audit_checkpoints",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_audit_checkpoints")),
    )
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for table, key in _KEYS.items():
        if on_postgresql:
            _append_only_on_postgresql(table)
        else:
            _append_only_on_sqlite(table, key)


def downgrade() -> None:
    for table in _KEYS:
        op.drop_table(table)


def _append_only_on_postgresql(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _append_only_on_sqlite(table: str, key: tuple[str, ...]) -> None:
    """INSERT OR REPLACE deletes without asking the trigger on DELETE: hence the one on INSERT."""
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    if table == "audit_leaves":
        same = f"{same} OR event_id = NEW.event_id"
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
