"""Who moved the head of a pull request: none of them decides about it. Noted with the delivery that tells it, in one transaction."""

from __future__ import annotations

import sqlalchemy as sa

from bot.ledger.database import Database
from bot.ledger.schema import pushers as table


class Pushers:
    """The pushers of all repositories."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, repository_id: int, number: int) -> frozenset[int]:
        """Account numbers."""
        with self._database.reading() as connection:
            here = (table.c.repository_id == repository_id, table.c.number == number)
            return frozenset(connection.execute(sa.select(table.c.account).where(*here)).scalars())


def noted(connection: sa.Connection, repository_id: int, number: int, account: int) -> None:
    """Notes one, within the caller's transaction."""
    values = {"repository_id": repository_id, "number": number, "account": account}
    same = [table.c[name] == value for name, value in values.items()]
    if connection.execute(sa.select(table.c.account).where(*same)).scalar() is None:
        connection.execute(sa.insert(table).values(**values))
