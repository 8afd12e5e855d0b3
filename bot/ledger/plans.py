"""Plans that continuous integration uploaded: of each root of a pull request the newest."""

from __future__ import annotations

import zlib
from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct

from bot.ledger.database import Database, prepared, raced
from bot.ledger.schema import plans as table


class UploadedPlan(Struct, frozen=True):
    """`merged`: the merge commit that was planned; `head`: the head in it, empty while nobody looked. `plan`: encoded by the caller.

    `workflow`: `OWNER/NAME/.github/workflows/FILE@REF` of what made it.
    """

    repository_id: int
    number: int
    root: str
    merged: str
    workflow: str
    plan: bytes
    head: str = ""


OF_PULL = prepared(
    lambda of_repository, of_number: (
        sa.select(*(table.c[name] for name in UploadedPlan.__struct_fields__))
        .where(table.c.repository_id == of_repository, table.c.number == of_number)
        .order_by(table.c.root)
    )
)


class Plans:
    """The uploaded plans of all repositories."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @raced
    def store(self, plan: UploadedPlan, now: datetime) -> None:
        """Replaces the plan of the same root."""
        values = {name: getattr(plan, name) for name in plan.__struct_fields__}
        packed = values | {"plan": zlib.compress(plan.plan), "received_at": now}
        with self._database.writing() as connection:
            if connection.execute(sa.update(table).where(*_same(plan)).values(**packed)).rowcount == 0:
                connection.execute(sa.insert(table).values(**packed))

    def of(self, repository_id: int, number: int) -> tuple[UploadedPlan, ...]:
        """The plans of a pull request, by root."""
        with self._database.reading() as connection:
            rows = connection.execute(OF_PULL, {"of_repository": repository_id, "of_number": number}).mappings().all()
        return tuple(UploadedPlan(**{**row, "plan": zlib.decompress(row["plan"])}) for row in rows)

    def placed(self, plan: UploadedPlan, head: str) -> None:
        """Notes which head the merge commit is of."""
        with self._database.writing() as connection:
            connection.execute(sa.update(table).where(*_same(plan), table.c.merged == plan.merged).values(head=head))

    def forget(self, before: datetime) -> int:
        """Deletes what came earlier: a plan is no record, and may hold more than anybody needs. How many."""
        with self._database.writing() as connection:
            return connection.execute(sa.delete(table).where(table.c.received_at < before)).rowcount


def _same(plan: UploadedPlan) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.repository_id == plan.repository_id, table.c.number == plan.number, table.c.root == plan.root
