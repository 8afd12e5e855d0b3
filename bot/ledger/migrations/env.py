"""Run by Alembic; the connection is the one that holds the lock (`bot.ledger.database`)."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=False)
context.run_migrations()
