"""What is kept how long: after its time a record is a stub, which still says that, when and how it was."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.ledger.database import Database
from bot.ledger.schema import deliveries, evaluations

ENDED = ("done", "failed", "ignored")


class Retention:
    """Empties what is old. Rows stay, with ids, digests, conclusions and times."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def prune(self, before: datetime, now: datetime, limit: int = 1000) -> int:
        """Of deliveries that ended before then, what was to be done; of evaluations made before then, the verdict and its texts. How many.

        A verdict that is still to expire stays whole: on that day it is looked for. One that is missed is made again.
        """
        ended = (deliveries.c.state.in_(ENDED), deliveries.c.changed_at < before)
        over = sa.or_(evaluations.c.valid_until.is_(None), evaluations.c.valid_until < before)
        made = (evaluations.c.created_at < before, over)
        return self._emptied(deliveries, ended, ("work",), now, limit) + self._emptied(evaluations, made, ("verdict", "check"), now, limit)

    def _emptied(
        self, table: sa.Table, old: tuple[sa.ColumnElement[bool], ...], columns: tuple[str, ...], now: datetime, limit: int
    ) -> int:
        with self._database.writing() as connection:
            wanted = sa.select(table.c.id).where(table.c.pruned_at.is_(None), *old).order_by(table.c.id).limit(limit)
            found = connection.execute(wanted).scalars().all()
            values = {**dict.fromkeys(columns, b""), "pruned_at": now}
            connection.execute(sa.update(table).where(table.c.id.in_(found)).values(**values))
        return len(found)
