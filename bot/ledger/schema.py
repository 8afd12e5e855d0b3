"""The tables. Times are whole milliseconds since the epoch (UTC), so that both databases keep and compare them alike."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData()


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware time."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:  # noqa: ARG002 - the same for every dialect
        return None if value is None else round(value.timestamp() * 1000)

    def process_result_value(self, value: Any, dialect: Any) -> datetime | None:  # noqa: ARG002
        return None if value is None else datetime.fromtimestamp(value / 1000, UTC)


NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # SQLite counts only an INTEGER key up by itself

# `state`: stored, working, waiting (until `not_before`), done, failed, ignored. `work`: the `Work` that was made of the payload.
# `pruned_at`, here and below: since when only the rest of the row is kept.
deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
    sa.Column("guid", sa.String(100), nullable=False, unique=True),
    sa.Column("event", sa.String(64), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("installation_id", sa.BigInteger, nullable=False),
    sa.Column("repository_id", sa.BigInteger, nullable=False),
    sa.Column("number", sa.Integer),
    sa.Column("work", sa.LargeBinary, nullable=False),
    sa.Column("background", sa.Boolean, nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("executor", sa.String(100), nullable=False),
    sa.Column("version", sa.String(64), nullable=False),
    sa.Column("reason", sa.String(500), nullable=False),
    sa.Column("received_at", Moment, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Column("not_before", Moment),
    sa.Column("pruned_at", Moment),
    sa.Index("deliveries_state", "state", "changed_at"),
    sa.Index("deliveries_pull", "repository_id", "number", "id"),
    sa.Index("deliveries_digest", "digest"),
)

# One verdict. `key`: digest of everything that was decided on but the time; `number` 0: a merge group.
evaluations = sa.Table(
    "evaluations",
    metadata,
    sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
    sa.Column("guid", sa.String(100), nullable=False),
    sa.Column("key", sa.String(64), nullable=False),
    sa.Column("installation_id", sa.BigInteger, nullable=False),
    sa.Column("repository_id", sa.BigInteger, nullable=False),
    sa.Column("repository", sa.String(300), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("head", sa.String(64), nullable=False),
    sa.Column("base", sa.String(64), nullable=False),
    sa.Column("base_ref", sa.String(500), nullable=False),
    sa.Column("check_name", sa.String(100), nullable=False),
    sa.Column("conclusion", sa.String(20), nullable=False),
    sa.Column("snapshot_digest", sa.String(80), nullable=False),
    sa.Column("policy_digest", sa.String(80), nullable=False),
    sa.Column("verdict", sa.LargeBinary, nullable=False),
    sa.Column("check", sa.LargeBinary, nullable=False),
    sa.Column("valid_until", Moment),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("published_at", Moment),
    sa.Column("written", sa.Text, nullable=False),
    sa.Column("pruned_at", Moment),
    sa.Index("evaluations_pull", "repository_id", "number", "id"),
    sa.Index("evaluations_head", "repository_id", "head", "id"),
    sa.Index("evaluations_expiry", "valid_until"),
    sa.Index("evaluations_base", "repository_id", "base_ref", "check_name"),
)

# Check runs that were begun. `completed_at` None: GitHub shows it in progress, and somebody has to complete it.
runs = sa.Table(
    "runs",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True),
    sa.Column("head", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(100), primary_key=True),
    sa.Column("installation_id", sa.BigInteger, nullable=False),
    sa.Column("repository", sa.String(300), nullable=False),
    sa.Column("run_id", sa.BigInteger, nullable=False),
    sa.Column("guid", sa.String(100), nullable=False),
    sa.Column("begun_at", Moment, nullable=False),
    sa.Column("completed_at", Moment),
    sa.Index("runs_open", "completed_at", "begun_at"),
)

repositories = sa.Table(
    "repositories",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True),
    sa.Column("installation_id", sa.BigInteger, nullable=False),
    sa.Column("full_name", sa.String(300), nullable=False),
    sa.Column("first_seen", Moment, nullable=False),
)

# The last valid form of what governs. `scope`: `repository:ID` or `organisation:LOGIN`.
governing = sa.Table(
    "governing",
    metadata,
    sa.Column("scope", sa.String(200), primary_key=True),
    sa.Column("valid", sa.LargeBinary, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
)

# Who does what only one may do, and which processes live. `name`: `sweep`, `executor:ID`.
leases = sa.Table(
    "leases",
    metadata,
    sa.Column("name", sa.String(150), primary_key=True),
    sa.Column("holder", sa.String(100), nullable=False),
    sa.Column("until", Moment, nullable=False),
)

# When something was, or will be, written to an installation last, by any process.
turns = sa.Table(
    "turns",
    metadata,
    sa.Column("installation_id", sa.BigInteger, primary_key=True),
    sa.Column("taken", Moment, nullable=False),
)

# Who moved the head of a pull request, or opened it.
pushers = sa.Table(
    "pushers",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("account", sa.BigInteger, primary_key=True),
)

# Who pushed a commit to a branch, which may become the head of a pull request later.
pushes = sa.Table(
    "pushes",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True),
    sa.Column("head", sa.String(64), primary_key=True),
    sa.Column("account", sa.BigInteger, primary_key=True),
)

# What a result is called on its pull request (`J-2`), for ever. `digest`: of `result`, its id. `bound`, `evaluation`: as it was last
# published; `asked`: GitHub shows it waiting for a person. `about`: what it asks, in a reader's words; `owners`: with a blank between.
questions = sa.Table(
    "questions",
    metadata,
    sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
    sa.Column("repository_id", sa.BigInteger, nullable=False),
    sa.Column("repository", sa.String(300), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("handle", sa.String(20), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("result", sa.Text, nullable=False),
    sa.Column("category", sa.String(50), nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("owners", sa.Text, nullable=False),
    sa.Column("bound", sa.Text, nullable=False),
    sa.Column("evaluation", sa.BigInteger, nullable=False),
    sa.Column("asked", sa.Boolean, nullable=False),
    sa.Column("since", Moment, nullable=False),
    sa.Index("questions_handle", "repository_id", "number", "handle", unique=True),
    sa.Index("questions_digest", "repository_id", "digest"),
)

# Every answer that was given, also those that do not count (`refused`: why, a key of the catalogue; empty: it counts). Rows are only added.
# `kind`, `comment_id`: the comment that gave it; `guid`: the delivery that told of it. `digest`: of `result`. `until`: a day, ISO 8601,
# empty for none. `told`: what was shown.
decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
    sa.Column("repository_id", sa.BigInteger, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("comment_id", sa.BigInteger, nullable=False),
    sa.Column("guid", sa.String(100), nullable=False),
    sa.Column("head", sa.String(64), nullable=False),
    sa.Column("evaluation", sa.BigInteger, nullable=False),
    sa.Column("handle", sa.String(20), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("result", sa.Text, nullable=False),
    sa.Column("bound", sa.Text, nullable=False),
    sa.Column("told", sa.LargeBinary, nullable=False),
    sa.Column("verb", sa.String(20), nullable=False),
    sa.Column("login", sa.String(100), nullable=False),
    sa.Column("account", sa.BigInteger, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("until", sa.String(10), nullable=False),
    sa.Column("refused", sa.String(50), nullable=False),
    sa.Column("fields", sa.LargeBinary, nullable=False),
    sa.Column("given_at", Moment, nullable=False),
    sa.Column("recorded_at", Moment, nullable=False),
    sa.Index("decisions_comment", "repository_id", "kind", "comment_id", unique=True),
    sa.Index("decisions_pull", "repository_id", "number", "id"),
    sa.Index("decisions_digest", "repository_id", "digest"),
)

# Whom we asked for a review: once for each category, whatever became of it. `reminded_at`, `fallen_at`: since when they were reminded, and
# the fallback was asked instead.
requests = sa.Table(
    "requests",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("category", sa.String(50), primary_key=True),
    sa.Column("installation_id", sa.BigInteger, nullable=False),
    sa.Column("repository", sa.String(300), nullable=False),
    sa.Column("requested_at", Moment, nullable=False),
    sa.Column("reminded_at", Moment),
    sa.Column("fallen_at", Moment),
    sa.Index("requests_due", "fallen_at", "requested_at"),
)

# Of each root of a pull request the newest plan. `merged`: the commit that was planned; `head`: the head in it, empty while not known.
plans = sa.Table(
    "plans",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("root", sa.String(500), primary_key=True),
    sa.Column("merged", sa.String(64), nullable=False),
    sa.Column("head", sa.String(64), nullable=False),
    sa.Column("workflow", sa.String(1000), nullable=False),
    sa.Column("plan", sa.LargeBinary, nullable=False),
    sa.Column("received_at", Moment, nullable=False),
    sa.Index("plans_age", "received_at"),
)

# Rules whose results the operator lets observe. `until`: the last day (ISO); `released`: when it was ended before that.
holds = sa.Table(
    "holds",
    metadata,
    sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
    sa.Column("rule", sa.String(200), nullable=False),
    sa.Column("since", Moment, nullable=False),
    sa.Column("until", sa.String(10)),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("released", Moment),
)

# The record of each repository (`bot.ledger.entry`). `row`: of the table that `kind` is about. `content` None: given up after its time.
entries = sa.Table(
    "entries",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("number", sa.Integer),
    sa.Column("row", sa.BigInteger),
    sa.Column("content", sa.LargeBinary),
    sa.Column("content_digest", sa.String(64), nullable=False),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Index("entries_row", "repository_id", "kind", "row"),
    sa.Index("entries_pull", "repository_id", "number", "position"),
    sa.Index("entries_whole", "at", sqlite_where=sa.text("content IS NOT NULL"), postgresql_where=sa.text("content IS NOT NULL")),
)

# What evaluations were made from (`bot.ledger.packing`). `data`, in both: compressed. `used_at`: when a snapshot last named the object.
snapshots = sa.Table(
    "snapshots",
    metadata,
    sa.Column("evaluation", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("repository_id", sa.BigInteger, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Index("snapshots_age", "created_at"),
)
objects = sa.Table(
    "objects",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("used_at", Moment, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Index("objects_age", "used_at"),
)
