"""What came in and has to be done: stored before it is answered, kept until it is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from bot.ledger.arriving import CHANGED, ENDED, KNOWN, Delivery, Taking, store
from bot.ledger.database import Database, prepared, raced
from bot.ledger.schema import deliveries as table

State: TypeAlias = Literal["stored", "working", "waiting", "done", "failed", "ignored"]
OPEN = ("stored", "waiting", "working")
MAX_REASON = 500


class Stored(Struct, frozen=True):
    """A delivery as it stands. `tries`: how often it was begun; one that failed and came again goes on at the next hundred, so that no
    try has the name of an earlier one."""

    id: int
    guid: str
    event: str
    kind: str
    installation_id: int
    repository_id: int
    number: int | None
    work: bytes
    background: bool
    state: State
    tries: int
    executor: str
    version: str
    reason: str
    received_at: datetime
    changed_at: datetime


COLUMNS = [table.c[name] for name in Stored.__struct_fields__]
# Work of one installation goes in so many lanes, the work of one repository in one of them.
LANES = 4
LOCKS = 0x4C << 56  # apart from the locks of the chains
OF_GUID = prepared(lambda of_guid: sa.select(*COLUMNS).where(table.c.guid == of_guid))
CLAIMED = prepared(lambda of_guid: sa.select(*COLUMNS).where(table.c.guid == of_guid).with_for_update())
AT_WORK = prepared(lambda of_guid: sa.update(table).where(table.c.guid == of_guid, table.c.state == "working"))
OF_TRY = prepared(lambda of_try: AT_WORK.where(table.c.tries == of_try))
BESIDE = prepared(
    lambda installation, lane, of_guid: (
        sa.select(table.c.id)
        .where(
            table.c.state == "working",
            table.c.installation_id == installation,
            table.c.repository_id % LANES == lane,
            table.c.guid != of_guid,
        )
        .limit(1)
    )
)
BEHIND = prepared(
    lambda of_repository, of_number, first: (
        sa.select(*COLUMNS)
        .where(table.c.repository_id == of_repository, table.c.number == of_number, table.c.kind == "review")
        .where(table.c.id > first, table.c.state.in_(("stored", "waiting")))
        .order_by(table.c.id)
    )
)


class Busy(Exception):  # noqa: N818 - what the lane is, not an error of the caller
    """Another delivery of the same lane is worked on."""


class Deliveries:
    """The deliveries of all installations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @raced
    def store(self, delivery: Delivery, now: datetime) -> bool:
        """Whether there is something to do: False for one that is known and not failed. One that failed begins anew."""
        with self._database.writing() as connection:
            known = connection.execute(KNOWN, {"of_guids": [delivery.guid]}).one_or_none()
            return store(connection, delivery, known, now)

    @raced
    def take(self, deliveries: Sequence[Delivery], now: datetime) -> tuple[bool, ...]:
        """As `store`, all in one transaction; what is `replayed` is known."""
        with self._database.writing() as connection:
            return Taking(connection, deliveries, now).taken()

    def replayed(self, guid: str, digest: str) -> bool:
        """Whether the same bytes came under another GUID and their work is done: the signature covers the body, not the GUID."""
        with self._database.reading() as connection:
            return any(row.guid != guid for row in connection.execute(ENDED, {"of_digests": [digest]}))

    def get(self, guid: str) -> Stored | None:
        """One delivery."""
        with self._database.reading() as connection:
            row = connection.execute(OF_GUID, {"of_guid": guid}).one_or_none()
        return None if row is None else Stored(*row)

    def begin(self, guid: str, executor: str, version: str, now: datetime, *, alone: bool = False) -> Stored | None:
        """Takes it up; None when it is done or another executor's. Safe to repeat by the same executor.

        `alone`: raises `Busy` while another one of its lane is worked on, by whomever.
        """
        with self._database.writing() as connection:
            row = connection.execute(CLAIMED, {"of_guid": guid}).one_or_none()  # who claims it too waits here, and sees what we made of it
            if row is None or row.state not in OPEN or (row.state == "working" and row.executor != executor):
                return None
            if row.state == "working":  # the step is repeated: the same try
                return replace(Stored(*row), tries=row.tries - 1)
            if alone and _is_busy(connection, Stored(*row)):
                raise Busy(guid)
            changes = {"state": "working", "executor": executor, "version": version, "changed_at": now, "tries": row.tries + 1}
            connection.execute(CHANGED, {"of_guid": guid, **changes})
            return Stored(*row)

    def leading(self, guids: tuple[str, ...]) -> tuple[Stored, ...]:
        """Those of the given that are begun by themselves, oldest first. The others are reviews of a pull request of which an earlier
        one is not begun yet: `gathered` does them with that one."""
        earlier = table.alias()
        same = (earlier.c.repository_id == table.c.repository_id, earlier.c.number == table.c.number, earlier.c.id < table.c.id)
        follows = sa.and_(table.c.kind == "review", table.c.tries == 0, sa.exists().where(*same, *_fresh(earlier)))
        return self._select(table.c.guid.in_(guids), sa.not_(follows))

    def gathered(self, delivery: Stored, now: datetime) -> Stored | None:
        """One review that was just begun, with the work of the latest of the same pull request behind it: all of those are done with it.

        None where the latest was begun before and is carried to its end: it finds all that this one would, and these are done. Safe to
        repeat."""
        later = {"of_repository": delivery.repository_id, "of_number": delivery.number, "first": delivery.id}
        with self._database.writing() as connection:
            behind = [Stored(*row) for row in connection.execute(BEHIND, later)]
            if not behind:
                return delivery
            latest = behind[-1]
            begun = latest.state == "waiting" or latest.tries > 0
            guids = [item.guid for item in behind if item.state == "stored" and item.tries == 0]
            ended = {"state": "done", "reason": "replaced by a later one" if begun else "done with an earlier one", "changed_at": now}
            connection.execute(sa.update(table).where(table.c.guid.in_([*guids, delivery.guid] if begun else guids)).values(**ended))
            if begun:
                return None
            connection.execute(sa.update(table).where(table.c.guid == delivery.guid).values(work=latest.work))
        return replace(delivery, work=latest.work)

    def closings(self, delivery: Stored) -> tuple[Stored, ...]:
        """Later ones of the same repository by which a merge group ended."""
        later = (table.c.id > delivery.id, table.c.kind == "close", table.c.number.is_(None))
        return self._select(table.c.repository_id == delivery.repository_id, *later)

    def finish(self, guid: str, state: Literal["done", "failed"], reason: str, now: datetime, tries: int | None = None) -> None:
        """The end; only one that is being worked on can come to it. `tries`: and only if it was not begun again since, as often as that."""
        self._change(guid, now, tries, state=state, reason=reason[:MAX_REASON])

    def postpone(self, guid: str, seconds: float, reason: str, now: datetime, tries: int | None = None) -> None:
        """Later, because GitHub or we cannot now. `tries`: as for `finish`."""
        self._change(guid, now, tries, state="waiting", reason=reason[:MAX_REASON], not_before=now + timedelta(seconds=seconds))

    def release(self, now: datetime, *, stale: datetime, dead: tuple[str, ...], limit: int = 1000) -> tuple[Stored, ...]:
        """Those that nobody works on though somebody should: stored before `stale` and never begun, waiting long enough, or begun by
        an executor in `dead`. They are stored again, oldest first."""
        waits = sa.and_(table.c.state == "waiting", table.c.not_before <= now)
        orphaned = sa.and_(table.c.state == "working", table.c.executor.in_(dead))
        forgotten = sa.and_(table.c.state == "stored", table.c.changed_at <= stale, sa.not_(table.c.background))
        with self._database.writing() as connection:
            found = connection.execute(sa.select(*COLUMNS).where(sa.or_(waits, orphaned, forgotten)).order_by(table.c.id).limit(limit))
            rows = [Stored(*row) for row in found]
            changes = {"state": "stored", "changed_at": now, "not_before": None}
            connection.execute(sa.update(table).where(table.c.guid.in_([row.guid for row in rows])).values(**changes))
        return tuple(rows)

    def restore(self, executor: str, version: str, now: datetime) -> None:
        """What the executor began under another version waits to be begun anew."""
        begun = (table.c.state == "working", table.c.executor == executor, table.c.version != version)
        with self._database.writing() as connection:
            connection.execute(sa.update(table).where(*begun).values(state="waiting", changed_at=now, not_before=now))

    def background(self, limit: int, now: datetime) -> tuple[Stored, ...]:
        """Of what can wait, the next for each installation, at most `limit` of one; they wait no longer."""
        with self._database.writing() as connection:
            rows = [Stored(*row) for row in connection.execute(sa.select(*COLUMNS).where(table.c.background, table.c.state == "stored"))]
            chosen: list[Stored] = []
            for row in sorted(rows, key=lambda row: row.id):
                if sum(other.installation_id == row.installation_id for other in chosen) < limit:
                    chosen.append(row)
            guids = [row.guid for row in chosen]
            connection.execute(sa.update(table).where(table.c.guid.in_(guids)).values(background=False, changed_at=now))
        return tuple(chosen)

    def working(self, executor: str) -> tuple[Stored, ...]:
        """Those an executor has begun."""
        return self._select(table.c.state == "working", table.c.executor == executor)

    def executors(self) -> frozenset[str]:
        """Whoever has begun something that is not done."""
        with self._database.reading() as connection:
            return frozenset(connection.execute(sa.select(table.c.executor).where(table.c.state == "working").distinct()).scalars())

    def counts(self) -> dict[str, int]:
        """State → number of deliveries."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(table.c.state, sa.func.count()).group_by(table.c.state))
            return {str(state): int(number) for state, number in rows}

    def oldest(self) -> datetime | None:
        """When the oldest one that is not done came in; what can wait does not count."""
        with self._database.reading() as connection:
            waiting = (table.c.state.in_(OPEN), sa.not_(table.c.background))
            return connection.execute(sa.select(sa.func.min(table.c.received_at)).where(*waiting)).scalar()

    def known(self, guids: tuple[str, ...]) -> frozenset[str]:
        """Those of the given that are here and not failed."""
        with self._database.reading() as connection:
            condition = (table.c.guid.in_(guids), table.c.state != "failed")
            return frozenset(connection.execute(sa.select(table.c.guid).where(*condition)).scalars())

    def _select(self, *conditions: Any, limit: int | None = None) -> tuple[Stored, ...]:
        with self._database.reading() as connection:
            found = connection.execute(sa.select(*COLUMNS).where(*conditions).order_by(table.c.id).limit(limit))
            return tuple(Stored(*row) for row in found)

    def _change(self, guid: str, now: datetime, tries: int | None, **values: Any) -> None:
        with self._database.writing() as connection:
            begun = {} if tries is None else {"of_try": tries}
            connection.execute(OF_TRY if begun else AT_WORK, {"of_guid": guid, "changed_at": now, **begun, **values})


def lane(installation_id: int, repository_id: int) -> tuple[int, int]:
    """Of one piece of work; those in one lane are done one after the other, by all processes together."""
    return installation_id, repository_id % LANES


def _is_busy(connection: sa.Connection, delivery: Stored) -> bool:
    installation_id, number = lane(delivery.installation_id, delivery.repository_id)
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCKS | installation_id * LANES + number)))
    beside = {"installation": installation_id, "lane": number, "of_guid": delivery.guid}
    return connection.execute(BESIDE, beside).scalar() is not None


def _fresh(deliveries: Any) -> tuple[Any, ...]:
    """Reviews that nobody has begun, and that somebody will begin now."""
    columns = deliveries.c
    return (columns.kind == "review", columns.state == "stored", columns.tries == 0, sa.not_(columns.background))
