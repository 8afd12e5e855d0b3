"""Everything that somebody with the database in hand could do to the record, and what is said of it.

Each case alters a record of ten entries about three evaluations. The position is that of the first thing that is found.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from bot.ledger import Alteration, Event, Given, Grounds, Head, Ledger, Shown
from bot.ledger.chain import append
from bot.ledger.entry import Entry, digest, sha256
from bot.ledger.schema import decisions, deliveries, entries, evaluations
from tests.ledger.test_ledger import NOW, SECOND, delivery, evaluation

Tamper = Callable[[sa.Connection], object]
E = entries.c


@pytest.fixture
def record(tmp_path: Path) -> Any:
    """Of three pull requests each a delivery (1, 5, 8), an evaluation (3, 6, 9) and a publication (4, 7, 10); 2 is the policy."""
    made = Ledger(f"sqlite:///{tmp_path}/ledger.sqlite")
    for number in (1, 2, 3):
        made.deliveries.store(delivery(f"g{number}", number), NOW)
        grounds = Grounds("violations", "0.1.0", "sha256:f", "e" * 40, {"rules": "sha256:r"})
        row = made.evaluations.store(evaluation(number, guid=f"g{number}"), NOW + SECOND, grounds)
        made.evaluations.published(row, Shown(90 + number, "failure", ("check",)), b"sent", NOW + 2 * SECOND)
    assert made.chain.head(7) == Head(10, [entry.digest for entry in made.chain.entries(7)][-1])
    assert made.verification.verify(7).alterations == ()
    yield made
    made.close()


def altered(record: Ledger, tamper: Tamper, *witnesses: Head) -> list[tuple[int, str]]:
    with record.database.writing() as connection:
        tamper(connection)
    return [(item.position, item.key) for item in found(record, *witnesses)]


def found(record: Ledger, *witnesses: Head) -> tuple[Alteration, ...]:
    return record.verification.verify(7, witnesses).alterations


def change(position: int, /, **values: Any) -> Tamper:
    return lambda connection: connection.execute(sa.update(entries).where(E.position == position).values(**values))


def remove(*positions: int) -> Tamper:
    return lambda connection: connection.execute(sa.delete(entries).where(E.position.in_(positions)))


def both(*tampers: Tamper) -> Tamper:
    def all_of(connection: sa.Connection) -> None:
        for tamper in tampers:
            tamper(connection)

    return all_of


def row(table: sa.Table, identifier: int, **values: Any) -> Tamper:
    return lambda connection: connection.execute(sa.update(table).where(table.c.id == identifier).values(**values))


def without(table: sa.Table, identifier: int) -> Tamper:
    return lambda connection: connection.execute(sa.delete(table).where(table.c.id == identifier))


def read(connection: sa.Connection, position: int) -> Entry:
    columns = [entries.c[name] for name in Entry.__struct_fields__]
    return Entry(*connection.execute(sa.select(*columns).where(E.position == position)).one())


def rewritten(connection: sa.Connection, start: int, **first: Any) -> None:
    """From `start` on every digest is made anew, as somebody who knows the program would."""
    last = connection.execute(sa.select(sa.func.max(E.position))).scalar_one()
    previous = read(connection, start).previous
    for position in range(start, last + 1):
        entry = msgspec.structs.replace(read(connection, position), previous=previous, **(first if position == start else {}))
        entry = msgspec.structs.replace(entry, content_digest=sha256(entry.content or b""))
        previous = digest(entry)
        values = {name: getattr(entry, name) for name in Entry.__struct_fields__} | {"digest": previous}
        connection.execute(sa.update(entries).where(E.position == position).values(**values))


def content(connection: sa.Connection, position: int, **values: Any) -> bytes:
    return msgspec.json.encode(read(connection, position).told | values, order="sorted")


def swapped(connection: sa.Connection, one: int, other: int) -> None:
    for start, end in ((one, 1000), (other, one), (1000, other)):
        change(start, position=end)(connection)


def contents_swapped(connection: sa.Connection) -> None:
    one, other = read(connection, 4), read(connection, 7)
    change(4, content=other.content, content_digest=other.content_digest)(connection)
    change(7, content=one.content, content_digest=one.content_digest)(connection)


def closed_up(connection: sa.Connection) -> None:
    remove(5)(connection)
    for position in range(6, 11):
        change(position, position=position - 1)(connection)


def put_between(connection: sa.Connection) -> None:
    for position in range(10, 4, -1):
        change(position, position=position + 1)(connection)
    again = msgspec.structs.replace(read(connection, 4), position=5, previous=read(connection, 4).digest)
    again = msgspec.structs.replace(again, digest=digest(again))
    connection.execute(sa.insert(entries).values(**{name: getattr(again, name) for name in Entry.__struct_fields__}))


def put_behind(connection: sa.Connection) -> None:
    made = msgspec.structs.replace(read(connection, 10), position=11, previous="0" * 64)
    made = msgspec.structs.replace(made, digest=digest(made))
    connection.execute(sa.insert(entries).values(**{name: getattr(made, name) for name in Entry.__struct_fields__}))


def invented(connection: sa.Connection) -> None:
    append(connection, Event(7, "evaluation", {"conclusion": "success"}, 4, 4), NOW)


def inserted(connection: sa.Connection) -> None:
    columns = [column for column in evaluations.c if column.name != "id"]
    copied = sa.select(*[sa.literal("success") if column.name == "conclusion" else column for column in columns])
    connection.execute(sa.insert(evaluations).from_select([column.name for column in columns], copied.where(evaluations.c.id == 1)))


CASES: dict[str, tuple[Tamper, list[tuple[int, str]]]] = {
    "a content": (change(3, content=b'{"conclusion":"success"}'), [(3, "content")]),
    "a content that is no JSON any more": (change(4, content=b"{"), [(4, "content")]),
    "a content with its digest": (
        change(4, content=b"{}", content_digest=sha256(b"{}")),
        [(4, "digest")],
    ),
    "one entry, its digests made anew": (
        lambda connection: change(
            5,
            digest=digest(msgspec.structs.replace(read(connection, 5), content_digest=sha256(b"{}"))),
            content=b"{}",
            content_digest=sha256(b"{}"),
        )(connection),
        [(6, "previous")],
    ),
    "a kind": (change(4, kind="waiver"), [(4, "digest")]),
    "a time": (change(4, at=NOW), [(4, "digest")]),
    "the pull request of an entry": (change(4, number=9), [(4, "digest")]),
    "the row of an entry": (change(4, row=2), [(4, "digest")]),
    "a digest": (change(4, digest="f" * 64), [(4, "digest"), (5, "previous")]),
    "the digest of the one before": (change(4, previous="f" * 64), [(4, "digest"), (4, "previous")]),
    "one is gone from the middle": (remove(4), [(4, "missing")]),
    "several are gone": (remove(4, 5), [(4, "missing"), (0, "row-unrecorded")]),
    "the first is gone": (remove(1), [(1, "missing"), (0, "row-unrecorded")]),
    "one is gone and the rest closed up": (
        closed_up,
        [(5, "digest"), (5, "previous"), *[(position, "digest") for position in range(6, 10)], (0, "row-unrecorded")],
    ),
    "two changed places": (
        lambda connection: swapped(connection, 4, 5),
        [(4, "digest"), (4, "previous"), (5, "digest"), (5, "previous"), (6, "previous")],
    ),
    "two contents changed places": (contents_swapped, [(4, "digest"), (7, "digest")]),
    "one was put between": (
        put_between,
        [(6, "digest"), (6, "previous"), *[(position, "digest") for position in range(7, 12)]],
    ),
    "one was put behind": (put_behind, [(11, "previous")]),
    "one was moved to another repository": (change(4, repository_id=8), [(4, "missing")]),
    "a content was taken before its time": (change(4, content=None), [(4, "emptied")]),
    "an evaluation's entry about no evaluation": (invented, [(11, "row-missing")]),
    "an evaluation's conclusion": (row(evaluations, 1, conclusion="success"), [(3, "row-differs")]),
    "an evaluation's head": (row(evaluations, 2, head="9" * 40), [(6, "row-differs")]),
    "an evaluation's pull request": (row(evaluations, 2, number=5), [(6, "row-differs")]),
    "a verdict": (row(evaluations, 3, verdict=zlib.compress(b"other")), [(9, "row-differs")]),
    "a verdict, emptied before its time": (row(evaluations, 3, verdict=b"", check=b"", pruned_at=NOW), [(9, "row-emptied")]),
    "what the check said": (row(evaluations, 3, check=zlib.compress(b"other")), [(10, "row-differs")]),
    "an evaluation that is gone": (without(evaluations, 2), [(6, "row-missing")]),
    "an evaluation that nobody made": (inserted, [(0, "row-unrecorded")]),
    "a delivery's digest": (row(deliveries, 2, digest="e" * 64), [(5, "row-differs")]),
    "a delivery that is gone": (without(deliveries, 2), [(5, "row-missing")]),
    "the last entries, their rows left": (remove(8, 9, 10), [(0, "row-unrecorded"), (0, "row-unrecorded")]),
}


@pytest.mark.parametrize("name", CASES)
def test_an_alteration_is_found_and_named(record: Ledger, name: str) -> None:
    tamper, expected = CASES[name]
    assert altered(record, tamper) == expected


def test_the_last_entries_with_their_rows_are_missed_by_a_witness_alone(record: Ledger) -> None:
    witness = record.chain.head(7)
    assert witness is not None
    assert altered(record, both(remove(8, 9, 10), without(evaluations, 3), without(deliveries, 3))) == []
    assert [(item.position, item.key, item.fields) for item in found(record, witness)] == [(10, "short", {"last": 7})]


def test_a_record_that_was_written_anew_is_seen_by_a_witness_alone(record: Ledger) -> None:
    witness = record.chain.at(7, 9)
    assert witness is not None

    def anew(connection: sa.Connection) -> None:
        row(evaluations, 2, conclusion="success")(connection)
        rewritten(connection, 6, content=content(connection, 6, conclusion="success"))

    assert altered(record, anew) == []
    assert [(item.position, item.key) for item in found(record, witness.head)] == [(9, "rewritten")]


def test_a_whole_record_that_is_gone_is_missed_by_a_witness(record: Ledger) -> None:
    witness = record.chain.head(7)
    assert witness is not None

    def nothing(connection: sa.Connection) -> None:
        for table in (entries, evaluations, deliveries):
            connection.execute(sa.delete(table))

    assert altered(record, nothing) == []
    assert [(item.position, item.key) for item in found(record, witness)] == [(10, "short")]


def test_a_witness_of_what_stands_finds_nothing(record: Ledger) -> None:
    heads = [entry.head for entry in record.chain.entries(7)]
    told = record.verification.verify(7, heads)
    assert (told.alterations, told.witnesses, told.entries, told.older) == ((), 10, 10, 0)


def test_what_was_there_before_the_record_is_counted_and_no_alteration(tmp_path: Path) -> None:
    made = Ledger(f"sqlite:///{tmp_path}/ledger.sqlite")
    made.evaluations.store(evaluation(1, guid="old"), NOW)
    with made.database.writing() as connection:
        connection.execute(sa.delete(entries))
    made.evaluations.store(evaluation(2, guid="new"), NOW + SECOND)
    told = made.verification.verify(7)
    made.close()
    assert (told.alterations, told.older, told.entries) == ((), 1, 1)


def test_what_was_given_up_after_its_time_still_holds(record: Ledger) -> None:
    later = NOW + 10 * SECOND
    witness = record.chain.at(7, 9)
    assert witness is not None
    assert record.retention.prune(later, later) == 3
    told = record.verification.verify(7, [witness.head])
    assert (told.alterations, told.entries, told.stubs) == ((), 11, 10)
    assert [entry.told["through"] for entry in record.chain.entries(7) if entry.kind == "retention"] == [10]
    assert altered(record, change(6, number=5)) == [(6, "digest")]


def test_what_says_that_contents_were_given_up_is_needed_for_it(record: Ledger) -> None:
    later = NOW + 10 * SECOND
    record.retention.prune(later, later)
    found = altered(record, change(11, content=msgspec.json.encode({"through": 4}), content_digest=sha256(b"")))
    assert found == [*[(position, "emptied") for position in range(5, 11)], (11, "content")]


def answer(comment: int, verb: str = "accept", *, refused: str = "", until: str = "") -> Given:
    place = (7, 1, "conversation", comment, "a" * 40, 1, "J-1", "rule|aws_db_instance.a", "facts")
    return Given(*place, verb, "mona", 5, "the data is expendable", until, NOW, guid="g1", refused=refused)


ANSWERS: dict[str, tuple[Tamper, list[tuple[int, str]]]] = {
    "who answered": (row(decisions, 1, login="lee"), [(1, "row-differs")]),
    "why": (row(decisions, 1, reason="other"), [(1, "row-differs")]),
    "what it was bound to": (row(decisions, 1, bound="other"), [(1, "row-differs")]),
    "until when": (row(decisions, 2, until=""), [(2, "row-differs")]),
    "a refusal that was taken back": (row(decisions, 3, refused=""), [(4, "row-differs")]),
    "an answer that is gone": (without(decisions, 1), [(1, "row-missing")]),
    "an answer that nobody gave": (lambda connection: copied(connection, comment_id=99), [(0, "row-unrecorded")]),
}


def copied(connection: sa.Connection, **values: Any) -> None:
    found = connection.execute(sa.select(decisions).where(decisions.c.id == 1)).mappings().one()
    connection.execute(sa.insert(decisions).values(**{name: value for name, value in found.items() if name != "id"} | values))


@pytest.mark.parametrize("name", ANSWERS)
def test_an_altered_answer_is_found_and_named(tmp_path: Path, name: str) -> None:
    tamper, expected = ANSWERS[name]
    made = Ledger(f"sqlite:///{tmp_path}/ledger.sqlite")
    for given in (answer(1), answer(2, until="2027-01-31"), answer(3, refused="author"), answer(4, "break-glass")):
        made.decisions.record(given, NOW)
        made.decisions.record(given, NOW)
    kinds = [entry.kind for entry in made.chain.entries(7)]
    assert kinds == ["decision", "decision", "obligation", "decision", "decision", "bypass"]
    assert found(made) == ()
    assert altered(made, tamper) == expected
    made.close()
