"""Runs the backend's migrations; the container does so before it serves."""

import os

from alembic import context
from sqlalchemy import create_engine, pool

DATABASE_URL = os.environ.get("DATABASE_URL", "postgresql://kronos@localhost:5432/kronos_eam")

if context.is_offline_mode():
    context.configure(url=DATABASE_URL, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine(DATABASE_URL, poolclass=pool.NullPool).connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
