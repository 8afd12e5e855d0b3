"""Answers of people: who pushed, what is asked under which number, what was answered, who was asked for a review."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _text(name: str, length: int | None = None) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length) if length else sa.Text, nullable=False)


def _whole(name: str, *, key: bool = False) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger, nullable=False, primary_key=key)


def _key() -> "tuple[sa.Column[int], sa.Column[int]]":
    return _whole("repository_id", key=True), sa.Column("number", sa.Integer, primary_key=True)


def upgrade() -> None:
    """Creates the tables; times are milliseconds."""
    op.create_table("pushers", *_key(), _whole("account", key=True))
    head = sa.Column("head", sa.String(64), primary_key=True)
    op.create_table("pushes", _whole("repository_id", key=True), head, _whole("account", key=True))
    category = sa.Column("category", sa.String(50), primary_key=True)
    place = (_whole("installation_id"), _text("repository", 300), _whole("requested_at"))
    later = (sa.Column(name, sa.BigInteger) for name in ("reminded_at", "fallen_at"))
    op.create_table("requests", *_key(), category, *place, *later, sa.Index("requests_due", "fallen_at", "requested_at"))
    _questions()
    _decisions()


def _questions() -> None:
    op.create_table(
        "questions",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        _whole("repository_id"),
        _text("repository", 300),
        sa.Column("number", sa.Integer, nullable=False),
        _text("handle", 20),
        _text("digest", 64),
        _text("result"),
        _text("category", 50),
        _text("about"),
        _text("owners"),
        _text("bound"),
        _whole("evaluation"),
        sa.Column("asked", sa.Boolean, nullable=False),
        _whole("since"),
        sa.Index("questions_handle", "repository_id", "number", "handle", unique=True),
        sa.Index("questions_digest", "repository_id", "digest"),
    )


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        _whole("repository_id"),
        sa.Column("number", sa.Integer, nullable=False),
        _text("kind", 20),
        _whole("comment_id"),
        _text("guid", 100),
        _text("head", 64),
        _whole("evaluation"),
        _text("handle", 20),
        _text("digest", 64),
        _text("result"),
        _text("bound"),
        sa.Column("told", sa.LargeBinary, nullable=False),
        _text("verb", 20),
        _text("login", 100),
        _whole("account"),
        _text("reason"),
        _text("until", 10),
        _text("refused", 50),
        sa.Column("fields", sa.LargeBinary, nullable=False),
        _whole("given_at"),
        _whole("recorded_at"),
        sa.Index("decisions_comment", "repository_id", "kind", "comment_id", unique=True),
        sa.Index("decisions_pull", "repository_id", "number", "id"),
        sa.Index("decisions_digest", "repository_id", "digest"),
    )
