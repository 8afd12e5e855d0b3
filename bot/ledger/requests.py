"""Whom we asked for a review: once for each category of a pull request, whatever became of it; and who was reminded."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias

import sqlalchemy as sa
from msgspec import Struct

from bot.ledger.database import Database, raced
from bot.ledger.schema import questions
from bot.ledger.schema import requests as table

Stage: TypeAlias = Literal["reminded_at", "fallen_at"]


class Requested(Struct, frozen=True):
    """One category of a pull request. `reminded_at`: its owners were reminded; `fallen_at`: the fallback was asked; None: not yet."""

    repository_id: int
    number: int
    category: str
    installation_id: int
    repository: str
    requested_at: datetime
    reminded_at: datetime | None = None
    fallen_at: datetime | None = None


COLUMNS = [table.c[name] for name in Requested.__struct_fields__]
KEYS = ("repository_id", "number", "category")


class Requests:
    """The requests of all repositories."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def made(self, repository_id: int, number: int) -> dict[str, Requested]:
        """Category → what was asked for it."""
        return {item.category: item for item in self._select(table.c.repository_id == repository_id, table.c.number == number)}

    @raced
    def make(self, requested: Requested) -> None:
        """Notes one; the first stays."""
        values = {name: getattr(requested, name) for name in requested.__struct_fields__}
        with self._database.writing() as connection:
            same = [table.c[name] == values[name] for name in KEYS]
            if connection.execute(sa.select(table.c.category).where(*same)).scalar() is None:
                connection.execute(sa.insert(table).values(**values))

    def reached(self, requested: Requested, stage: Stage, now: datetime) -> None:
        """Notes that they were reminded, or that the fallback was asked."""
        same = [table.c[name] == getattr(requested, name) for name in KEYS]
        with self._database.writing() as connection:
            connection.execute(sa.update(table).where(*same, table.c[stage].is_(None)).values(**{stage: now}))

    def due(self, before: datetime) -> tuple[Requested, ...]:
        """Those with a question that still waits, and nothing said since then: to be reminded, or to be given to the fallback."""
        same = [questions.c[name] == table.c[name] for name in KEYS]
        waits = sa.exists().where(*same, questions.c.asked)
        reminded = sa.and_(table.c.reminded_at.is_not(None), table.c.reminded_at <= before)
        asked = sa.and_(table.c.reminded_at.is_(None), table.c.requested_at <= before)
        return self._select(table.c.fallen_at.is_(None), sa.or_(asked, reminded), waits)

    def _select(self, *conditions: sa.ColumnElement[bool]) -> tuple[Requested, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(*COLUMNS).where(*conditions).order_by(table.c.requested_at))
            return tuple(Requested(*row) for row in rows)
