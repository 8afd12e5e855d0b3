"""Who does what only one process may do, and which processes live."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.ledger.database import Database, raced
from bot.ledger.schema import leases as table


class Leases:
    """Leases end by themselves: a process that died holds none for long."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @raced
    def take(self, name: str, holder: str, seconds: float, now: datetime) -> bool:
        """Whether it is the holder's for so long from now: it was free, had ended, or was the holder's already."""
        values = {"holder": holder, "until": now + timedelta(seconds=seconds)}
        with self._database.writing() as connection:
            row = connection.execute(sa.select(table.c.holder, table.c.until).where(table.c.name == name).with_for_update()).one_or_none()
            if row is None:
                connection.execute(sa.insert(table).values(name=name, **values))
                return True
            if row.holder != holder and row.until > now:
                return False
            connection.execute(sa.update(table).where(table.c.name == name).values(**values))
            return True

    def free(self, name: str, holder: str) -> None:
        """Gives it back."""
        with self._database.writing() as connection:
            connection.execute(sa.delete(table).where(table.c.name == name, table.c.holder == holder))

    def held(self, prefix: str, now: datetime) -> frozenset[str]:
        """The holders of the leases whose names begin so."""
        with self._database.reading() as connection:
            condition = (table.c.name.startswith(prefix, autoescape=True), table.c.until > now)
            return frozenset(connection.execute(sa.select(table.c.holder).where(*condition)).scalars())
