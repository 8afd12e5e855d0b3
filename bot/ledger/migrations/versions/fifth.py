"""The record: entries of one chain for each repository, and what evaluations were made from."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

WHOLE = sa.text("content IS NOT NULL")


def upgrade() -> None:
    """Creates the tables; times are milliseconds. What was there before has no entries."""
    op.create_table(
        "entries",
        sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("number", sa.Integer),
        sa.Column("row", sa.BigInteger),
        sa.Column("content", sa.LargeBinary),
        sa.Column("content_digest", sa.String(64), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Index("entries_row", "repository_id", "kind", "row"),
        sa.Index("entries_pull", "repository_id", "number", "position"),
        sa.Index("entries_whole", "at", sqlite_where=WHOLE, postgresql_where=WHOLE),
    )
    op.create_index("evaluations_base", "evaluations", ["repository_id", "base_ref", "check_name"])
    op.create_table(
        "snapshots",
        sa.Column("evaluation", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("repository_id", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Index("snapshots_age", "created_at"),
    )
    op.create_table(
        "objects",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("used_at", sa.BigInteger, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Index("objects_age", "used_at"),
    )
