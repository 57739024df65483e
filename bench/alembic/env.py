"""The least that Alembic needs: DATABASE_URL, no models.

As `alembic init` makes it, the driver commits before every statement that changes the schema of SQLite. `-x begin=once` and
`-x begin=each` follow SQLAlchemy's recipe against that: one transaction for all migrations, or one for each.
"""
import os

from alembic import context
from sqlalchemy import create_engine, event, pool

engine = create_engine(os.environ["DATABASE_URL"], poolclass=pool.NullPool)
begin = context.get_x_argument(as_dictionary=True).get("begin")
options = {}
if begin:
    options = {"transactional_ddl": True, "transaction_per_migration": begin == "each"}

    @event.listens_for(engine, "connect")
    def leave_transactions_alone(connection, record):
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def begin_immediate(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


with engine.connect() as connection:
    context.configure(connection=connection, **options)
    with context.begin_transaction():
        context.run_migrations()
