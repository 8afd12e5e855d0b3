"""The first form: deliveries, evaluations, check runs, repositories, what governs them, leases."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
LONG = sa.BigInteger


def _text(name: str, length: int) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length), nullable=False)


def upgrade() -> None:
    """Creates the tables; times are milliseconds."""
    op.create_table(
        "deliveries",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("guid", sa.String(100), nullable=False, unique=True),
        _text("event", 64),
        _text("digest", 64),
        _text("kind", 20),
        sa.Column("installation_id", LONG, nullable=False),
        sa.Column("repository_id", LONG, nullable=False),
        sa.Column("number", sa.Integer),
        sa.Column("work", sa.LargeBinary, nullable=False),
        sa.Column("background", sa.Boolean, nullable=False),
        _text("state", 12),
        sa.Column("tries", sa.Integer, nullable=False),
        _text("executor", 100),
        _text("version", 64),
        _text("reason", 500),
        sa.Column("received_at", LONG, nullable=False),
        sa.Column("changed_at", LONG, nullable=False),
        sa.Column("not_before", LONG),
        sa.Index("deliveries_state", "state", "changed_at"),
        sa.Index("deliveries_pull", "repository_id", "number", "id"),
        sa.Index("deliveries_digest", "digest"),
    )
    _evaluations()
    op.create_table(
        "runs",
        sa.Column("repository_id", LONG, primary_key=True),
        sa.Column("head", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(100), primary_key=True),
        sa.Column("installation_id", LONG, nullable=False),
        _text("repository", 300),
        sa.Column("run_id", LONG, nullable=False),
        _text("guid", 100),
        sa.Column("begun_at", LONG, nullable=False),
        sa.Column("completed_at", LONG),
        sa.Index("runs_open", "completed_at", "begun_at"),
    )
    _places()


def _evaluations() -> None:
    op.create_table(
        "evaluations",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        _text("guid", 100),
        _text("key", 64),
        sa.Column("installation_id", LONG, nullable=False),
        sa.Column("repository_id", LONG, nullable=False),
        _text("repository", 300),
        sa.Column("number", sa.Integer, nullable=False),
        _text("head", 64),
        _text("base", 64),
        _text("base_ref", 500),
        _text("check_name", 100),
        _text("conclusion", 20),
        _text("snapshot_digest", 80),
        _text("policy_digest", 80),
        sa.Column("verdict", sa.LargeBinary, nullable=False),
        sa.Column("check", sa.LargeBinary, nullable=False),
        sa.Column("valid_until", LONG),
        sa.Column("created_at", LONG, nullable=False),
        sa.Column("published_at", LONG),
        sa.Column("written", sa.Text, nullable=False),
        sa.Index("evaluations_pull", "repository_id", "number", "id"),
        sa.Index("evaluations_head", "repository_id", "head", "id"),
        sa.Index("evaluations_expiry", "valid_until"),
    )


def _places() -> None:
    op.create_table(
        "repositories",
        sa.Column("repository_id", LONG, primary_key=True),
        sa.Column("installation_id", LONG, nullable=False),
        _text("full_name", 300),
        sa.Column("first_seen", LONG, nullable=False),
    )
    op.create_table(
        "governing",
        sa.Column("scope", sa.String(200), primary_key=True),
        sa.Column("valid", sa.LargeBinary, nullable=False),
        sa.Column("changed_at", LONG, nullable=False),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(150), primary_key=True),
        _text("holder", 100),
        sa.Column("until", LONG, nullable=False),
    )
