"""Holds: rules whose results the operator lets observe, and when that ended."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Creates the table; times are milliseconds, the day is ISO."""
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "holds",
        sa.Column("id", number, primary_key=True, autoincrement=True),
        sa.Column("rule", sa.String(200), nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("until", sa.String(10)),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("released", sa.BigInteger),
    )
