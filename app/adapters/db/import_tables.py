"""The tables of imports: jobs, their parts, and whom the parts name."""

from sqlalchemy import Column, ForeignKey, Integer, Table, Text

from app.adapters.db.metadata import metadata
from app.adapters.db.types import Bytes, Identifier, Instant, Json

import_jobs = Table(
    "import_jobs",
    metadata,
    Column("import_id", Identifier, primary_key=True),
    Column("client_id", Text, nullable=False),
    Column("status", Text, nullable=False, index=True),
    Column("source_system", Text),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("parts", Integer, nullable=False),
    Column("parts_done", Integer, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("rows_done", Integer, nullable=False),
    Column("outcomes", Json, nullable=False),
    Column("error", Text),
    Column("lease_until", Instant),
    Column("version", Integer, nullable=False),
)

import_parts = Table(
    "import_parts",
    metadata,
    # What was uploaded (`rows`) and what became of it (`results`), some rows at a time, sealed.
    Column("import_id", Identifier, ForeignKey("import_jobs.import_id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("sealed", Bytes, nullable=False),
    Column("data_key_id", Text, nullable=False),
)

import_names = Table(
    "import_names",
    metadata,
    # Whom a part of results names: keyed hashes of eight bytes, side by side. No foreign key: a row is only
    # ever written together with its part.
    Column("import_id", Identifier, primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("names", Bytes, nullable=False),
    Column("index_key_id", Text, nullable=False),
)
