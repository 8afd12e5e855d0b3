"""Plans that continuous integration uploaded, already without what they hide."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Creates the table; the time is milliseconds."""
    op.create_table(
        "plans",
        sa.Column("repository_id", sa.BigInteger, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("root", sa.String(500), primary_key=True),
        sa.Column("merged", sa.String(64), nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.Column("workflow", sa.String(1000), nullable=False),
        sa.Column("plan", sa.LargeBinary, nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False),
    )
    op.create_index("plans_age", "plans", ["received_at"])
