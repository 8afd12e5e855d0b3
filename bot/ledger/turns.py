"""When a process may write to an installation, so that several processes together keep the distance that GitHub asks for."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.ledger.database import Database, raced
from bot.ledger.schema import turns as table


class Turns:
    """One row for each installation. The processes' clocks agree to within the distance, as GitHub's tokens need anyway."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @raced
    def take(self, installation_id: int, spacing: float, now: datetime) -> float:
        """Takes the next turn and tells the seconds until it; each turn is `spacing` seconds after the one before it."""
        same = table.c.installation_id == installation_id
        with self._database.writing() as connection:
            last: datetime | None = connection.execute(sa.select(table.c.taken).where(same).with_for_update()).scalar()
            turn = now if last is None else max(now, last + timedelta(seconds=spacing))
            if last is None:
                connection.execute(sa.insert(table).values(installation_id=installation_id, taken=turn))
            else:
                connection.execute(sa.update(table).where(same).values(taken=turn))
        return (turn - now).total_seconds()
