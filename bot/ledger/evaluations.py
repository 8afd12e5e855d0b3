"""Verdicts and what was published of them."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from bot.ledger.chain import append
from bot.ledger.database import Database, prepared, raced
from bot.ledger.entry import Event, canonical, sha256
from bot.ledger.packing import Packed
from bot.ledger.schema import entries
from bot.ledger.schema import evaluations as table
from bot.ledger.snapshots import keep


class Evaluation(Struct, frozen=True):
    """`key`: digest of what the verdict depends on but the time. `verdict` and `check` (the publication) are encoded by the caller.

    `number` 0: a merge group. `id` 0: not stored yet.
    """

    guid: str
    key: str
    installation_id: int
    repository_id: int
    repository: str
    number: int
    head: str
    base: str
    base_ref: str
    check_name: str
    conclusion: str
    snapshot_digest: str
    policy_digest: str
    verdict: bytes
    check: bytes
    valid_until: datetime | None = None
    published_at: datetime | None = None
    id: int = 0


class Grounds(Struct, frozen=True):
    """What an evaluation rested on, for the record. `state`: the verdict's. `engine`: version of the code. `facts`: digest of its tables.

    `base_tip`: the base branch's commit then, of which `Evaluation.base` is the one in common with the head. `governing`: part → digest of
    what governed the repository; a change of it is recorded too. `waivers`: by reference, the ids of the results they were used for.
    `snapshot`: what the verdict was made from, where it is to be kept; `withheld`: why it is not.
    """

    state: str = ""
    engine: str = ""
    facts: str = ""
    base_tip: str = ""
    governing: Mapping[str, str] = {}
    waivers: Mapping[str, tuple[str, ...]] = {}
    snapshot: Packed | None = None
    withheld: str = ""


NO_GROUNDS = Grounds()


class Shown(Struct, frozen=True):
    """What GitHub was given. `run`: the check run. `conclusion`: the check's, which may be another pull request's of the same head.
    `written`: what was sent, a word each."""

    run: int
    conclusion: str
    written: tuple[str, ...]


class Judged(Struct, frozen=True):
    """The place of an evaluation, without what it holds."""

    id: int
    repository_id: int
    number: int


COLUMNS = [table.c[name] for name in Evaluation.__struct_fields__]
WHOLE = sa.select(*COLUMNS).where(table.c.pruned_at.is_(None))  # of a stub nothing can be published
OF_ID = prepared(lambda of_id: WHOLE.where(table.c.id == of_id))
SHOWN_LAST = prepared(
    lambda of_repository, of_number: (
        WHOLE.where(table.c.repository_id == of_repository, table.c.number == of_number)
        .where(table.c.published_at.is_not(None))
        .order_by(table.c.id.desc())
        .limit(1)
    )
)
SAME = prepared(
    lambda of_guid, of_key, of_number: sa.select(table.c.id).where(
        table.c.guid == of_guid, table.c.key == of_key, table.c.number == of_number
    )
)
HEADS = prepared(
    lambda of_repository, of_number: (
        sa.select(table.c.head).where(table.c.repository_id == of_repository, table.c.number == of_number).distinct()
    )
)
ADDED = sa.insert(table).returning(table.c.id)
PUBLISHED = prepared(lambda of_id: sa.update(table).where(table.c.id == of_id).returning(table.c.repository_id, table.c.number))
LAST_POLICY = prepared(
    lambda of_repository: (
        sa.select(entries.c.content_digest)
        .where(entries.c.repository_id == of_repository, entries.c.kind == "policy")
        .order_by(entries.c.position.desc())
        .limit(1)
    )
)


class Evaluations:
    """The evaluations of all repositories; only their publication is ever added to one. Both are recorded in the repository's chain."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @raced
    def store(self, evaluation: Evaluation, now: datetime, grounds: Grounds = NO_GROUNDS) -> int:
        """Its id. The same delivery's evaluation of the same key is stored once, however often a step is repeated."""
        with self._database.writing() as connection:
            same = {"of_guid": evaluation.guid, "of_key": evaluation.key, "of_number": evaluation.number}
            known = connection.execute(SAME, same).scalar()
            if known is not None:
                return int(known)
            values = {name: getattr(evaluation, name) for name in evaluation.__struct_fields__ if name != "id"}
            packed = {"verdict": zlib.compress(evaluation.verdict), "check": zlib.compress(evaluation.check)}
            made = connection.execute(ADDED, {**values, **packed, "created_at": now, "written": ""})
            row = int(made.scalar_one())
            if grounds.snapshot is not None:
                keep(connection, evaluation.repository_id, row, grounds.snapshot, now)
            _record(connection, evaluation, row, grounds, now)
            return row

    def get(self, identifier: int) -> Evaluation:
        """One evaluation; raises KeyError."""
        for found in self._found(OF_ID, of_id=identifier):
            return found
        raise KeyError(identifier)

    @raced
    def published(self, identifier: int, shown: Shown, check: bytes, now: datetime) -> None:
        """It stands on GitHub. `check`: the publication as it was made for this pull request."""
        with self._database.writing() as connection:
            values = {"published_at": now, "written": " ".join(shown.written), "check": zlib.compress(check)}
            place = connection.execute(PUBLISHED, {"of_id": identifier, **values}).one_or_none()
            if place is None:
                raise KeyError(identifier)
            content = {"run": shown.run, "conclusion": shown.conclusion, "written": shown.written, "check": sha256(check)}
            append(connection, Event(place.repository_id, "publication", content, place.number or None, identifier), now)

    def last_published(self, repository_id: int, number: int) -> Evaluation | None:
        """The newest evaluation of a pull request that stands on GitHub."""
        found = self._found(SHOWN_LAST, of_repository=repository_id, of_number=number)
        return found[0] if found else None

    def shown_before(self, repository_id: int, number: int, moment: datetime) -> Evaluation | None:
        """The newest evaluation of a pull request that stood on GitHub by then."""
        condition = (table.c.repository_id == repository_id, table.c.number == number, table.c.published_at <= moment)
        found = self._select(*condition, newest=True)
        return found[0] if found else None

    def keyed(self, repository_id: int, number: int, key: str) -> Evaluation | None:
        """The newest evaluation of a pull request that was made of exactly this."""
        found = self._select(table.c.repository_id == repository_id, table.c.number == number, table.c.key == key, newest=True)
        return found[0] if found else None

    def latest(self, repository_id: int, head: str, numbers: Collection[int]) -> dict[int, Evaluation]:
        """Pull request → its newest evaluation of this head."""
        if not numbers:
            return {}
        condition = (table.c.repository_id == repository_id, table.c.head == head, table.c.number.in_(numbers))
        return {item.number: item for item in self._select(*condition)}

    def numbers(self, repository_id: int, head: str) -> frozenset[int]:
        """The pull requests of which this head was evaluated."""
        with self._database.reading() as connection:
            condition = (table.c.repository_id == repository_id, table.c.head == head)
            return frozenset(connection.execute(sa.select(table.c.number).where(*condition).distinct()).scalars())

    def heads(self, repository_id: int, number: int) -> frozenset[str]:
        """The heads of a pull request that were evaluated."""
        with self._database.reading() as connection:
            return frozenset(connection.execute(HEADS, {"of_repository": repository_id, "of_number": number}).scalars())

    def expired(self, now: datetime, limit: int = 100) -> tuple[Evaluation, ...]:
        """The newest evaluation of each pull request whose verdict ended, and that nothing newer replaced."""
        newest = sa.select(sa.func.max(table.c.id)).where(table.c.number > 0).group_by(table.c.repository_id, table.c.number)
        return self._select(table.c.valid_until <= now, table.c.id.in_(newest), limit=limit)

    def judged_last(self, repository_id: int, number: int, limit: int, owner: str = "") -> tuple[Judged, ...]:
        """The newest evaluation of each pull request but this one, the newest first; of all the owner has, if given."""
        own = table.c.repository_id == repository_id
        where = table.c.repository.istartswith(f"{owner}/", autoescape=True) if owner else own
        newest = sa.select(sa.func.max(table.c.id)).where(where, table.c.number > 0).group_by(table.c.repository_id, table.c.number)
        named = sa.select(table.c.id, table.c.repository_id, table.c.number).where(table.c.id.in_(newest))
        with self._database.reading() as connection:
            found = [Judged(*row) for row in connection.execute(named.order_by(table.c.id.desc()).limit(limit + 1))]
        return tuple(item for item in found if (item.repository_id, item.number) != (repository_id, number))[:limit]

    def conclusions(self) -> dict[str, int]:
        """Conclusion → number of evaluations."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(table.c.conclusion, sa.func.count()).group_by(table.c.conclusion))
            return {str(conclusion): int(number) for conclusion, number in rows}

    def _select(self, *conditions: Any, newest: bool = False, limit: int | None = None) -> tuple[Evaluation, ...]:
        order = table.c.id.desc() if newest else table.c.id
        return self._found(WHOLE.where(*conditions).order_by(order).limit(1 if newest else limit))

    def _found(self, statement: sa.Select[Any], **given: Any) -> tuple[Evaluation, ...]:
        with self._database.reading() as connection:
            return tuple(_unpacked(row._mapping) for row in connection.execute(statement, given))  # noqa: SLF001 - SQLAlchemy's documented name


def _unpacked(row: Any) -> Evaluation:
    return Evaluation(**{**row, "verdict": zlib.decompress(row["verdict"]), "check": zlib.decompress(row["check"])})


def content(evaluation: Evaluation, grounds: Grounds) -> dict[str, Any]:
    """What is recorded of an evaluation."""
    named = ("guid", "key", "repository", "head", "base_ref", "check_name", "conclusion", "snapshot_digest", "policy_digest")
    told = {name: getattr(evaluation, name) for name in named}
    rest = {"merge_base": evaluation.base, "base": grounds.base_tip, "state": grounds.state}
    made = {"engine": grounds.engine, "facts_digest": grounds.facts, "verdict": sha256(evaluation.verdict)}
    return told | rest | made | {"kept": grounds.snapshot.digest if grounds.snapshot else None, "withheld": grounds.withheld}


def _record(connection: sa.Connection, evaluation: Evaluation, row: int, grounds: Grounds, now: datetime) -> None:
    place = (evaluation.number or None, row)
    if grounds.governing and _is_new(connection, evaluation.repository_id, grounds.governing):
        append(connection, Event(evaluation.repository_id, "policy", grounds.governing), now)
    append(connection, Event(evaluation.repository_id, "evaluation", content(evaluation, grounds), *place), now)
    for reference, results in sorted(grounds.waivers.items()):
        used = {"waiver": reference, "results": results}
        append(connection, Event(evaluation.repository_id, "waiver", used, *place), now)


def _is_new(connection: sa.Connection, repository_id: int, governing: Mapping[str, str]) -> bool:
    """Whether the last thing recorded as governing was another."""
    found = connection.execute(LAST_POLICY, {"of_repository": repository_id}).scalar()
    return found != sha256(canonical(governing))
