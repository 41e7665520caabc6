"""Alembic's environment: runs on the connection that `app.journal.schema_steps` hands over, never on a URL."""

from __future__ import annotations

from alembic import context

from app.journal.records import Record

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Record.metadata,
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
