"""Check runs that we began: GitHub shows each in progress until somebody completes it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct

from bot.ledger.database import Database, prepared, raced
from bot.ledger.deliveries import OPEN
from bot.ledger.schema import deliveries
from bot.ledger.schema import runs as table


class Run(Struct, frozen=True):
    """`guid`: the delivery that began it last. `run_id`: GitHub's, 0 when it was asked for and no answer is noted."""

    repository_id: int
    head: str
    name: str
    installation_id: int
    repository: str
    run_id: int
    guid: str


COLUMNS = [table.c[name] for name in Run.__struct_fields__]
SAME = prepared(
    lambda of_repository, of_head, of_name: sa.update(table).where(
        table.c.repository_id == of_repository, table.c.head == of_head, table.c.name == of_name
    )
)
NUMBER = prepared(
    lambda of_repository, of_head, of_name: sa.select(table.c.run_id).where(
        table.c.repository_id == of_repository, table.c.head == of_head, table.c.name == of_name
    )
)
BEGUN_BY = prepared(lambda of_guid: SAME.where(table.c.guid == of_guid))
IN_PROGRESS = prepared(
    lambda of_repository, of_head, of_name: sa.select(table.c.guid).where(
        table.c.repository_id == of_repository, table.c.head == of_head, table.c.name == of_name, table.c.completed_at.is_(None)
    )
)
TRIED = prepared(
    lambda of_repository, of_head: (
        sa.select(sa.func.count()).select_from(table).where(table.c.repository_id == of_repository, table.c.head == of_head)
    )
)
ADDED = sa.insert(table)


class Runs:
    """The check runs of all repositories."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @raced
    def begun(self, run: Run, now: datetime) -> None:
        """GitHub shows it in progress."""
        values = {name: getattr(run, name) for name in run.__struct_fields__} | {"begun_at": now, "completed_at": None}
        same = {"of_repository": run.repository_id, "of_head": run.head, "of_name": run.name}
        with self._database.writing() as connection:
            if connection.execute(SAME, same | values).rowcount == 0:
                connection.execute(ADDED, values)

    @raced
    def attempt(self, run: Run, now: datetime) -> bool:
        """Whether nobody ever tried to begin one there; noted before GitHub is asked, so that a crash in between is not forgotten."""
        values = {name: getattr(run, name) for name in run.__struct_fields__} | {"begun_at": now, "completed_at": None}
        with self._database.writing() as connection:
            tried = connection.execute(TRIED, {"of_repository": run.repository_id, "of_head": run.head}).scalar_one() > 0
            if not tried:
                connection.execute(ADDED, values)
            return not tried

    def number(self, repository_id: int, head: str, name: str) -> int:
        """Of the run that was begun there last; 0 where none is noted."""
        with self._database.reading() as connection:
            same = {"of_repository": repository_id, "of_head": head, "of_name": name}
            return int(connection.execute(NUMBER, same).scalar() or 0)

    def completed(self, repository_id: int, head: str, name: str, now: datetime, guid: str = "") -> None:
        """GitHub shows a conclusion. `guid`: only where no other delivery has begun it since."""
        same = {"of_repository": repository_id, "of_head": head, "of_name": name}
        by = {"of_guid": guid} if guid else {}
        with self._database.writing() as connection:
            connection.execute(BEGUN_BY if by else SAME, {**same, **by, "completed_at": now})

    def in_progress(self, repository_id: int, head: str, name: str) -> bool:
        """Whether one was begun there that nobody completed."""
        same = {"of_repository": repository_id, "of_head": head, "of_name": name}
        with self._database.reading() as connection:
            return connection.execute(IN_PROGRESS, same).scalar() is not None

    def orphaned(self, limit: int = 100) -> tuple[Run, ...]:
        """In progress, though the delivery that began them is done, has failed or is gone."""
        worked = sa.select(deliveries.c.guid).where(deliveries.c.state.in_(OPEN))
        condition = (table.c.completed_at.is_(None), table.c.guid.not_in(worked))
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(*COLUMNS).where(*condition).order_by(table.c.begun_at).limit(limit))
            return tuple(Run(*row) for row in rows)
