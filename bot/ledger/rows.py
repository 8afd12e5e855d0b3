"""The rows that the record tells of, against what it tells: an evaluation that was altered in its table is not what was recorded."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from bot.ledger.alteration import Alteration, Key
from bot.ledger.database import Database
from bot.ledger.entry import Entry, sha256
from bot.ledger.schema import decisions, deliveries, entries, evaluations
from bot.ledger.snapshots import Snapshots


class Told(Struct, frozen=True):
    """How a kind of entry tells of a row. `names`: in the content → column. `packed`: in the content → column, digest of what is
    unpacked there; `digested`: of what stands there plain. `began`: column of when the row was made. `outside`: only rows for which this
    holds are recorded.
    """

    table: sa.Table
    names: Mapping[str, str]
    packed: Mapping[str, str] = {}
    digested: Mapping[str, str] = {}
    began: str = "created_at"
    outside: str = ""


_ANSWER = ("handle", "verb", "until", "account", "reason", "head", "evaluation", "guid", "refused")
_PLAIN = ("guid", "key", "repository", "head", "base_ref", "check_name", "conclusion", "snapshot_digest", "policy_digest")
TOLD: Mapping[str, Told] = {
    "evaluation": Told(evaluations, {**dict(zip(_PLAIN, _PLAIN, strict=True)), "merge_base": "base"}, {"verdict": "verdict"}),
    "decision": Told(
        decisions,
        {**dict(zip(_ANSWER, _ANSWER, strict=True)), "by": "login", "result": "digest"},
        digested={"bound": "bound"},
        began="recorded_at",
    ),
    "delivery": Told(deliveries, {name: name for name in ("guid", "event", "digest", "kind")}, began="received_at", outside="digest"),
}


class Rows:
    """Of one repository. `older`: rows from before the first entry of any repository."""

    def __init__(self, database: Database, repository_id: int) -> None:
        self._database, self._repository_id = database, repository_id
        self._published: dict[int, tuple[int, str]] = {}
        self._given_up: set[int] = set()
        self._kept: dict[int, tuple[int, str]] = {}
        self._forgotten: set[int] = set()
        self._snapshots = Snapshots(database)
        self._emptied: dict[int, int] = {}
        self.older = 0

    def compared(self, batch: Sequence[Entry]) -> Iterator[Alteration]:
        """What of these entries' rows is another thing now."""
        for kind, told in TOLD.items():
            named = {entry.row: entry for entry in batch if entry.kind == kind and entry.row is not None}
            if named:
                yield from self._of_kind(told, named)
        for entry in batch:
            content = _content(entry)
            if entry.kind == "publication" and entry.row is not None and content:
                self._published[entry.row] = (entry.position, str(content.get("check")))
            elif entry.kind == "evaluation" and entry.row is not None and content.get("kept"):
                self._kept[entry.row] = (entry.position, str(content["kept"]))
            elif entry.kind == "retention":
                self._given_up |= set(content.get("evaluations", ()))
                self._forgotten |= set(content.get("snapshots", ()))

    def rest(self) -> Iterator[Alteration]:
        """What only the whole tells."""
        yield from self._checks()
        yield from self._unkept()
        for row, position in self._emptied.items():
            if row not in self._given_up:
                yield self._found(position, "row-emptied", "evaluations", row)
        for kind, told in TOLD.items():
            yield from self._unrecorded(kind, told)

    def _of_kind(self, told: Told, named: Mapping[int, Entry]) -> Iterator[Alteration]:
        stands = self._read(told.table, list(named))
        for row, entry in named.items():
            if row not in stands:
                yield self._found(entry.position, "row-missing", told.table.name, row)
            elif content := _content(entry):
                for column in self._differing(told, stands[row], entry, content):
                    yield self._found(entry.position, "row-differs", told.table.name, row, column)

    def _differing(self, told: Told, stands: Mapping[str, Any], entry: Entry, content: Mapping[str, Any]) -> Iterator[str]:
        if (stands["number"] or None) != entry.number:
            yield "number"
        if stands["repository_id"] != entry.repository_id:
            yield "repository_id"
        yield from (column for name, column in told.names.items() if stands[column] != content.get(name))
        yield from (column for name, column in told.digested.items() if sha256(stands[column].encode()) != content.get(name))
        if told.packed and stands["pruned_at"] is not None:
            self._emptied[stands["id"]] = entry.position
            return
        yield from (column for name, column in told.packed.items() if _unpacked(stands[column]) != content.get(name))

    def _checks(self) -> Iterator[Alteration]:
        """The check as it was published last."""
        for some in _some(list(self._published)):
            for row, stands in self._read(evaluations, some).items():
                position, digest = self._published[row]
                if stands["pruned_at"] is None and _unpacked(stands["check"]) != digest:
                    yield self._found(position, "row-differs", "evaluations", row, "check")

    def _unkept(self) -> Iterator[Alteration]:
        """Snapshots; what they share is looked at when they are replayed."""
        for row, (position, digest) in self._kept.items():
            data = self._snapshots.data(row)
            if data is None and row not in self._forgotten:
                yield self._found(position, "snapshot-missing", "snapshots", row)
            elif data is not None and sha256(data) != digest:
                yield self._found(position, "snapshot-differs", "snapshots", row)

    def _unrecorded(self, kind: str, told: Told) -> Iterator[Alteration]:
        table, here = told.table, entries.c
        about = (here.repository_id == self._repository_id, here.kind == kind)
        without = ~sa.exists().where(*about, here.row == table.c.id)
        outside = (table.c[told.outside] != "",) if told.outside else ()
        wanted = sa.select(table.c.id, table.c[told.began]).where(table.c.repository_id == self._repository_id, without, *outside)
        with self._database.reading() as connection:
            began: datetime | None = connection.execute(sa.select(sa.func.min(here.at))).scalar()
            first: int | None = connection.execute(sa.select(sa.func.min(here.row)).where(*about)).scalar()
            rows = connection.execute(wanted.order_by(table.c.id)).all()
        for row, made in rows:
            if (began is not None and made >= began) or (first is not None and row > first):
                yield self._found(0, "row-unrecorded", table.name, row)
            else:
                self.older += 1

    def _read(self, table: sa.Table, ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(table).where(table.c.id.in_(ids))).mappings()
            return {row["id"]: {str(name): value for name, value in row.items()} for row in rows}

    def _found(self, position: int, key: Key, table: str, row: int, column: str = "") -> Alteration:
        return Alteration(self._repository_id, position, key, {"table": table, "row": row, "column": column})


def _content(entry: Entry) -> dict[str, Any]:
    """Empty where it was given up or is another than was recorded, which the chain itself tells."""
    if entry.content is None or sha256(entry.content) != entry.content_digest:
        return {}
    try:
        return entry.told
    except msgspec.DecodeError:
        return {}


def _unpacked(data: bytes) -> str:
    try:
        return sha256(zlib.decompress(data))
    except zlib.error:
        return ""


def _some(rows: list[int], size: int = 500) -> Iterator[list[int]]:
    for at in range(0, len(rows), size):
        yield rows[at : at + size]
