"""When a row became a stub: of old deliveries and evaluations the contents go, and the rest stays."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Adds a time to both; none is a stub yet."""
    for table in ("deliveries", "evaluations"):
        op.add_column(table, sa.Column("pruned_at", sa.BigInteger))
