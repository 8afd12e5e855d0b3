"""The record of a repository: entries that are only ever added, each tied to the one before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa

from bot.ledger.database import Database, prepared, raced
from bot.ledger.entry import Entry, Event, Head, following
from bot.ledger.schema import entries as table

COLUMNS = [table.c[name] for name in Entry.__struct_fields__]
LOCKS = 0x43 << 56  # apart from the lock of the migrations
BATCH = 1000
NEWEST = prepared(
    lambda of_repository: (
        sa.select(table.c.position, table.c.digest).where(table.c.repository_id == of_repository).order_by(table.c.position.desc()).limit(1)
    )
)
ABOUT = prepared(
    lambda of_repository, of_kind, of_row: (
        sa.select(*COLUMNS)
        .where(table.c.repository_id == of_repository, table.c.kind == of_kind, table.c.row == of_row)
        .order_by(table.c.position.desc())
        .limit(1)
    )
)
ADDED = sa.insert(table)
LOCKED = prepared(lambda lock: sa.select(sa.func.pg_advisory_xact_lock(sa.cast(lock, sa.BigInteger))))


def append(connection: sa.Connection, event: Event, now: datetime) -> Head:
    """Adds an entry within the caller's transaction: what it tells of and the entry are committed together, or neither is.

    Those that add to one repository's chain take turns: SQLite has one writer at a time, PostgreSQL a lock until the transaction ends.
    Should two ever get the same position all the same, the key refuses the second, with `IntegrityError`.
    """
    lock(connection, (event.repository_id,))
    row = connection.execute(NEWEST, {"of_repository": event.repository_id}).one_or_none()
    made = following(event, Head(*row) if row else None, now)
    connection.execute(ADDED, {name: getattr(made, name) for name in Entry.__struct_fields__})
    return made.head


def lock(connection: sa.Connection, repository_ids: Iterable[int]) -> None:
    """The turn of the caller's transaction in these chains, until it ends. Who adds to several takes them at once and in one order: two
    that took them as they come would wait for each other."""
    if connection.dialect.name == "postgresql":
        for repository_id in sorted(set(repository_ids)):
            connection.execute(LOCKED, {"lock": LOCKS | repository_id})


class Chain:
    """The chains of all repositories. What has a table of its own is recorded with it, and not here."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @raced
    def record(self, events: Sequence[Event], now: datetime) -> Head | None:
        """Adds what has no table of its own and belongs together, once for the kind and row of the first; the place of the last, None
        where they are there."""
        head, first = None, events[0]
        same = (table.c.repository_id == first.repository_id, table.c.kind == first.kind, table.c.row == first.row)
        with self._database.writing() as connection:
            if connection.execute(sa.select(table.c.position).where(*same).limit(1)).scalar() is None:
                for event in events:
                    head = append(connection, event, now)
        return head

    def repositories(self) -> tuple[int, ...]:
        """Those that have a chain."""
        with self._database.reading() as connection:
            return tuple(connection.execute(sa.select(table.c.repository_id).distinct().order_by(table.c.repository_id)).scalars())

    def head(self, repository_id: int) -> Head | None:
        """The last entry's place."""
        found = self._select(table.c.repository_id == repository_id, newest=True)
        return found[0].head if found else None

    def at(self, repository_id: int, position: int) -> Entry | None:
        """One entry."""
        found = self._select(table.c.repository_id == repository_id, table.c.position == position)
        return found[0] if found else None

    def of_row(self, repository_id: int, kind: str, row: int) -> Entry | None:
        """The last entry about a row, as that of an evaluation."""
        with self._database.reading() as connection:
            found = connection.execute(ABOUT, {"of_repository": repository_id, "of_kind": kind, "of_row": row}).one_or_none()
        return None if found is None else Entry(*found)

    def of_pull(self, repository_id: int, number: int) -> tuple[Entry, ...]:
        """Everything about one pull request, oldest first."""
        return self._select(table.c.repository_id == repository_id, table.c.number == number)

    def merged(self, repository_id: int, numbers: Collection[int]) -> frozenset[int]:
        """Those of the pull requests whose merge is recorded."""
        with self._database.reading() as connection:
            condition = (table.c.repository_id == repository_id, table.c.kind == "merge", table.c.number.in_(numbers))
            return frozenset(connection.execute(sa.select(table.c.number).where(*condition).distinct()).scalars())

    def entries(self, repository_id: int) -> Iterator[Entry]:
        """All of one chain, in order of position; read in pieces, so that a long chain needs no more memory than a short one."""
        after = None
        while True:
            later = () if after is None else (table.c.position > after,)
            found = self._select(table.c.repository_id == repository_id, *later, limit=BATCH)
            yield from found
            if len(found) < BATCH:
                return
            after = found[-1].position

    def _select(self, *conditions: sa.ColumnElement[bool], newest: bool = False, limit: int | None = None) -> tuple[Entry, ...]:
        order = table.c.position.desc() if newest else table.c.position
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(*COLUMNS).where(*conditions).order_by(order).limit(1 if newest else limit))
            return tuple(Entry(*row) for row in rows)
