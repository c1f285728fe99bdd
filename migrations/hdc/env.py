"""Runs migrations on the connection, and in the transaction, of the center's own `migrate`."""

from alembic import context

from app.health_data_center.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    compare_type=True,
    render_as_batch=True,
)
context.run_migrations()
