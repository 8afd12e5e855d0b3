"""What verdicts were made from, on SQLite and on PostgreSQL: kept once for all that share it, and forgotten in time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from bot.engine.model.snapshot import Entry, Snapshot, Tree
from bot.ledger import Grounds, Ledger, Unreadable, pack
from bot.ledger.schema import objects
from tests.ledger.test_ledger import NOW, SECOND, evaluation, ledger, server

HOUR = NOW + 3600 * SECOND

__all__ = ["ledger", "server"]


def change(number: int) -> Snapshot:
    base = {f"m{file}.tf": Entry(f"{file:040}") for file in range(20)}
    head = {**base, "main.tf": Entry(f"{number:039}f"), "m0.tf": Entry("1" * 40)}
    del head["m1.tf"]
    blobs = {entry.oid: f"locals {{}} # {path} {entry.oid}\n".encode() for tree in (base, head) for path, entry in tree.items()}
    return Snapshot(Tree("b", base), Tree("h", head), blobs, {"a.yaml": b"id: a"}, NOW, patch=b"diff", waivers=b"waivers: []")


def store(ledger: Ledger, number: int) -> int:
    return ledger.evaluations.store(evaluation(number, guid=f"g{number}"), NOW + number * SECOND, Grounds(snapshot=pack(change(number))))


def counted(ledger: Ledger) -> int:
    with ledger.database.reading() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(objects)).scalar_one())


def test_it_comes_out_as_it_went_in(ledger: Ledger) -> None:
    row = store(ledger, 1)
    record = ledger.snapshots.record(row)
    assert record is not None
    assert ledger.snapshots.whole(record) == change(1)
    assert ledger.snapshots.record(row + 1) is None
    assert ledger.verification.verify(7).alterations == ()


def test_what_is_shared_is_kept_once(ledger: Ledger) -> None:
    store(ledger, 1)
    first = counted(ledger)
    store(ledger, 2)
    assert counted(ledger) == first + 1  # its own main.tf


def test_those_that_keep_the_same_at_once_keep_it_once(ledger: Ledger) -> None:
    begin = Barrier(4)

    def kept(number: int) -> int:
        begin.wait(10)
        return store(ledger, number)

    with ThreadPoolExecutor(4) as pool:
        rows = list(pool.map(kept, range(1, 5)))
    records = [ledger.snapshots.record(row) for row in rows]
    assert [ledger.snapshots.whole(record) for record in records if record] == [change(number) for number in range(1, 5)]
    assert ledger.verification.verify(7).alterations == ()


def test_what_nothing_names_any_more_is_forgotten(ledger: Ledger) -> None:
    old, new = store(ledger, 1), store(ledger, 200)
    assert ledger.snapshots.prune(NOW + 100 * SECOND, 1 << 30, HOUR) == 1
    kept, record = ledger.snapshots.record(old), ledger.snapshots.record(new)
    assert kept is None
    assert record is not None
    assert ledger.snapshots.whole(record) == change(200)
    assert ledger.snapshots.prune(NOW + 300 * SECOND, 1 << 30, HOUR) == 1
    assert (counted(ledger), ledger.snapshots.size()) == (0, 0)
    assert [entry.told["snapshots"] for entry in ledger.chain.entries(7) if entry.kind == "retention"] == [[old], [new]]
    assert ledger.verification.verify(7).alterations == ()


def test_a_part_that_is_another_is_refused(ledger: Ledger) -> None:
    record = ledger.snapshots.record(store(ledger, 1))
    assert record is not None
    with ledger.database.writing() as connection:
        other = sa.select(objects.c.data).where(objects.c.digest == record.policy.hex()).scalar_subquery()
        connection.execute(sa.update(objects).where(objects.c.digest == record.base.hex()).values(data=other))
    with pytest.raises(Unreadable, match=record.base.hex()[:12]):
        ledger.snapshots.whole(record)
