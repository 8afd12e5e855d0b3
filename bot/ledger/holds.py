"""Rules that the operator holds: what is in force, and what was."""

from __future__ import annotations

from datetime import UTC, date, datetime

import sqlalchemy as sa
from msgspec import Struct

from bot.ledger.database import Database, prepared
from bot.ledger.schema import holds as table


class Hold(Struct, frozen=True):
    """`until`: the last day (UTC), None for no end."""

    id: int
    rule: str
    since: datetime
    reason: str
    until: date | None


IN_FORCE = prepared(
    lambda today: (
        sa.select(table.c.id, table.c.rule, table.c.since, table.c.reason, table.c.until)
        .where(table.c.released.is_(None), sa.or_(table.c.until.is_(None), table.c.until >= today))
        .order_by(table.c.rule)
    )
)


class Holds:
    """A hold is never deleted: that it was there is part of the record."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def place(self, rule: str, reason: str, until: date | None, now: datetime) -> int:
        """Holds the rule from now on, in place of a hold that it has; the number of the new one."""
        with self._database.writing() as connection:
            _end(connection, rule, now)
            values = {"rule": rule, "since": now, "until": until.isoformat() if until else None, "reason": reason}
            inserted = connection.execute(sa.insert(table).values(**values)).inserted_primary_key
            assert inserted is not None
            return int(inserted[0])

    def release(self, rule: str, now: datetime) -> bool:
        """Ends the hold of a rule; whether there was one."""
        with self._database.writing() as connection:
            return _end(connection, rule, now)

    def in_force(self, now: datetime) -> tuple[Hold, ...]:
        """What holds at that time, by rule."""
        today = now.astimezone(UTC).date().isoformat()
        with self._database.reading() as connection:
            rows = connection.execute(IN_FORCE, {"today": today}).all()
        return tuple(Hold(row.id, row.rule, row.since, row.reason, date.fromisoformat(row.until) if row.until else None) for row in rows)


def _end(connection: sa.Connection, rule: str, now: datetime) -> bool:
    condition = (table.c.rule == rule, table.c.released.is_(None))
    return connection.execute(sa.update(table).where(*condition).values(released=now)).rowcount > 0
