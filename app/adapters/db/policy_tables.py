"""The table of policy sets. What a column means stands in docs/storage.md."""

from sqlalchemy import Column, Table, Text

from app.adapters.db.metadata import metadata
from app.adapters.db.types import Instant

policy_sets = Table(
    "policy_sets",
    metadata,
    # Only ever added to: past decisions are explained by them.
    Column("version", Text, primary_key=True),
    Column("kept_at", Instant, nullable=False),
    Column("content", Text, nullable=False),
)
