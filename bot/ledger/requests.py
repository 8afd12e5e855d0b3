"""Whom we asked for a review: once for each category of a pull request, whatever became of it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.ledger.database import Database, raced
from bot.ledger.schema import requests as table


class Requests:
    """The requests of all repositories."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def made(self, repository_id: int, number: int) -> frozenset[str]:
        """The categories for which somebody was asked."""
        with self._database.reading() as connection:
            here = (table.c.repository_id == repository_id, table.c.number == number)
            return frozenset(connection.execute(sa.select(table.c.category).where(*here)).scalars())

    @raced
    def make(self, repository_id: int, number: int, category: str, now: datetime) -> None:
        """Notes one; the first stays."""
        values = {"repository_id": repository_id, "number": number, "category": category}
        with self._database.writing() as connection:
            same = [table.c[name] == value for name, value in values.items()]
            if connection.execute(sa.select(table.c.category).where(*same)).scalar() is None:
                connection.execute(sa.insert(table).values(**values, requested_at=now))
