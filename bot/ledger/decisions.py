"""The answers that were given: each comment's once, also those that do not count. Rows are only added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct, msgpack
from msgspec.structs import replace

from bot.ledger.chain import append
from bot.ledger.database import Database, prepared, raced
from bot.ledger.entry import Event, Kind
from bot.ledger.questions import digest
from bot.ledger.schema import decisions as table


class Given(Struct, frozen=True):
    """One answer. `kind`, `comment_id`: the comment; `evaluation`: what it answers, 0 for none; `until`: ISO 8601, empty for none.

    `guid`: the delivery that told of it.
    `told`: what was shown to whoever answered (path → value).
    `refused`: why it does not count, a key of the catalogue of words with its `fields`; empty when it counts. `id` 0: not recorded yet.
    """

    repository_id: int
    number: int
    kind: str
    comment_id: int
    head: str
    evaluation: int
    handle: str
    result: str
    bound: str
    verb: str
    login: str
    account: int
    reason: str
    until: str
    given_at: datetime
    guid: str = ""
    told: dict[str, str] = {}
    refused: str = ""
    fields: dict[str, str | int] = {}
    id: int = 0


COLUMNS = [table.c[name] for name in Given.__struct_fields__]
PACKED = ("told", "fields")


COUNTING = sa.select(*COLUMNS).where(table.c.refused == "").order_by(table.c.given_at, table.c.comment_id)
OF_PULL = prepared(lambda of_repository, of_number: COUNTING.where(table.c.repository_id == of_repository, table.c.number == of_number))
ABOUT = prepared(
    lambda of_repository, of_number, of_digests: COUNTING.where(
        table.c.repository_id == of_repository, table.c.number != of_number, table.c.digest.in_(of_digests)
    )
)
ON_HEADS = prepared(lambda of_repository, of_heads: COUNTING.where(table.c.repository_id == of_repository, table.c.head.in_(of_heads)))


class Decisions:
    """The answers of all repositories, the oldest first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @raced
    def record(self, given: Given, now: datetime) -> Given:
        """What stands recorded for the comment: this, or what was recorded before."""
        comment = (table.c.repository_id == given.repository_id, table.c.kind == given.kind, table.c.comment_id == given.comment_id)
        with self._database.writing() as connection:
            known = connection.execute(sa.select(*COLUMNS).where(*comment)).one_or_none()
            if known is not None:
                return _given(known)
            values = {name: getattr(given, name) for name in given.__struct_fields__ if name != "id"}
            packed = {name: msgpack.encode(values[name]) for name in PACKED} | {"digest": digest(given.result), "recorded_at": now}
            made = connection.execute(sa.insert(table).values(**values | packed).returning(table.c.id))
            recorded = replace(given, id=int(made.scalar_one()))
            for event in _events(recorded):
                append(connection, event, now)
            return recorded

    def given(self, repository_id: int, kind: str, comment_id: int) -> Given | None:
        """What stands recorded for a comment."""
        found = self._select(table.c.repository_id == repository_id, table.c.kind == kind, table.c.comment_id == comment_id)
        return found[0] if found else None

    def of(self, repository_id: int, number: int) -> tuple[Given, ...]:
        """Every answer given on one pull request, also the refused ones."""
        return self._select(table.c.repository_id == repository_id, table.c.number == number)

    def counting(self, repository_id: int, number: int) -> tuple[Given, ...]:
        """The answers given on one pull request that count."""
        return self._found(OF_PULL, of_repository=repository_id, of_number=number)

    def about(self, repository_id: int, number: int, results: Iterable[str]) -> tuple[Given, ...]:
        """Answers given on other pull requests of the repository to one of the results."""
        digests = sorted({digest(result) for result in results})
        return self._found(ABOUT, of_repository=repository_id, of_number=number, of_digests=digests) if digests else ()

    def dated(self, repository_id: int) -> tuple[Given, ...]:
        """Every answer to what was ever answered until a day, so that the last of them can be told."""
        counts = (table.c.repository_id == repository_id, table.c.refused == "")
        until = sa.select(table.c.number, table.c.digest).where(*counts, table.c.until != "")
        return self._select(*counts, sa.tuple_(table.c.number, table.c.digest).in_(until))

    def on(self, repository_id: int, heads: Iterable[str]) -> tuple[Given, ...]:
        """The answers that count and were given on one of these commits."""
        given = sorted(set(heads))
        return self._found(ON_HEADS, of_repository=repository_id, of_heads=given) if given else ()

    def _select(self, *conditions: Any) -> tuple[Given, ...]:
        return self._found(sa.select(*COLUMNS).where(*conditions).order_by(table.c.given_at, table.c.comment_id))

    def _found(self, statement: sa.Select[Any], **given: Any) -> tuple[Given, ...]:
        with self._database.reading() as connection:
            return tuple(_given(row) for row in connection.execute(statement, given))


def _given(row: Any) -> Given:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented name
    return Given(**values | {name: msgpack.decode(values[name]) for name in PACKED})


def _events(given: Given) -> Iterator[Event]:
    """What the record tells of an answer, also of one that does not count. What it was bound to counts by its digest: it holds values."""
    who = {"by": given.login, "account": given.account, "reason": given.reason}
    about = {"handle": given.handle, "result": digest(given.result), "bound": digest(given.bound), "verb": given.verb, "until": given.until}
    place = {"head": given.head, "evaluation": given.evaluation, "comment": f"{given.kind}/{given.comment_id}", "guid": given.guid}
    yield _event(given, "decision", {**about, **who, **place, "given_at": given.given_at, "refused": given.refused})
    if given.refused:
        return
    if given.until:
        yield _event(given, "obligation", {"handle": given.handle, "verb": given.verb, "until": given.until, **who})
    if given.verb == "break-glass":
        yield _event(given, "bypass", {"why": given.verb, "head": given.head, "evaluation": given.evaluation, **who})


def _event(given: Given, kind: Kind, content: dict[str, Any]) -> Event:
    return Event(given.repository_id, kind, content, given.number, given.id)
