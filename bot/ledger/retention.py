"""What is kept how long: after its time a record is a stub, which still says that, when and how it was, and the chain still holds."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.ledger.chain import append
from bot.ledger.database import Database, raced
from bot.ledger.entry import Event
from bot.ledger.schema import deliveries, entries, evaluations

ENDED = ("done", "failed", "ignored")


class Retention:
    """Empties what is old. Rows stay, with ids, digests, conclusions and times; entries stay, with all their digests."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @raced
    def prune(self, before: datetime, now: datetime, limit: int = 1000) -> int:
        """Of deliveries that ended before then, what was to be done; of evaluations made before then, the verdict and its texts; of entries
        of the record, what they told (who and why). What the latter two lost is itself recorded. How many deliveries and evaluations.

        A verdict that is still to expire stays whole: on that day it is looked for. One that is missed is made again.
        """
        ended = (deliveries.c.state.in_(ENDED), deliveries.c.changed_at < before)
        over = sa.or_(evaluations.c.valid_until.is_(None), evaluations.c.valid_until < before)
        made = (evaluations.c.created_at < before, over)
        with self._database.writing() as connection:
            gone = len(_emptied(connection, deliveries, ended, ("work",), now, limit))
            stubs = _emptied(connection, evaluations, made, ("verdict", "check"), now, limit)
            through = _given_up(connection, before, limit)
            for repository_id in sorted({*stubs.values(), *through}):
                own = sorted(row for row, repository in stubs.items() if repository == repository_id)
                told = {"before": before, "evaluations": own, "through": through.get(repository_id, 0)}
                append(connection, Event(repository_id, "retention", told), now)
        return gone + len(stubs)


def _emptied(
    connection: sa.Connection, table: sa.Table, old: tuple[sa.ColumnElement[bool], ...], columns: tuple[str, ...], now: datetime, limit: int
) -> dict[int, int]:
    """Row → repository of those that were emptied."""
    wanted = sa.select(table.c.id, table.c.repository_id).where(table.c.pruned_at.is_(None), *old).order_by(table.c.id).limit(limit)
    found = {int(row): int(repository) for row, repository in connection.execute(wanted)}
    values = {**dict.fromkeys(columns, b""), "pruned_at": now}
    connection.execute(sa.update(table).where(table.c.id.in_(list(found))).values(**values))
    return found


def _given_up(connection: sa.Connection, before: datetime, limit: int) -> dict[int, int]:
    """Repository → up to which position its entries have no content any more, where some lost it now."""
    old = (entries.c.at < before, entries.c.content.is_not(None))
    oldest = sa.select(entries.c.repository_id, entries.c.position).where(*old).order_by(entries.c.at).limit(limit).subquery()
    wanted = sa.select(oldest.c.repository_id, sa.func.max(oldest.c.position)).group_by(oldest.c.repository_id)
    through = {int(repository_id): int(position) for repository_id, position in connection.execute(wanted)}
    for repository_id, position in through.items():
        here = (entries.c.repository_id == repository_id, entries.c.position <= position, entries.c.content.is_not(None))
        connection.execute(sa.update(entries).where(*here).values(content=None))
    return through
