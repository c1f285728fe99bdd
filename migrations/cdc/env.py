"""Runs migrations on the connection that app.adapters.db.migrate opened.

A developer makes a new one against a migrated database:
    CDC_DATABASE_URL=sqlite:///scratch.db alembic -c migrations/cdc/alembic.ini revision --autogenerate -m "…"
"""

import os

from alembic import context
from sqlalchemy import Connection, create_engine, text

from app.adapters.db.tables import belongs_to_the_schema, metadata

_MIGRATION_LOCK = 0x0CDC_0001


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        include_name=belongs_to_the_schema,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
        context.run_migrations()


def _run_from_command_line() -> None:
    engine = create_engine(os.environ["CDC_DATABASE_URL"])
    with engine.connect() as connection:
        _run(connection)


_connection = context.config.attributes.get("connection")
if _connection is None:
    _run_from_command_line()
else:
    _run(_connection)
