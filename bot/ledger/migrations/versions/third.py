"""Turns: when something was, or will be, written to an installation last."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Creates the table; the time is milliseconds."""
    op.create_table(
        "turns",
        sa.Column("installation_id", sa.BigInteger, primary_key=True),
        sa.Column("taken", sa.BigInteger, nullable=False),
    )
