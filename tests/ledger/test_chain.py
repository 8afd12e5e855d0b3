"""The chain of a repository: what is recorded, in which order, and that nobody who writes at once can fork it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.ledger import Event, Grounds, Ledger, Shown
from bot.ledger.chain import append
from tests.ledger.test_ledger import NOW, SECOND, delivery, evaluation, ledger, server

__all__ = ["ledger", "server"]


def add(ledger: Ledger, repository: int, text: str) -> None:
    with ledger.database.writing() as connection:
        append(connection, Event(repository, "delivery", {"guid": text}), NOW)


def test_each_entry_holds_the_digest_of_the_one_before(ledger: Ledger) -> None:
    for text in ("one", "two", "three"):
        add(ledger, 7, text)
    add(ledger, 8, "other")
    found = list(ledger.chain.entries(7))
    assert [entry.position for entry in found] == [1, 2, 3]
    assert [entry.previous for entry in found] == ["0" * 64, found[0].digest, found[1].digest]
    assert ledger.chain.head(7) == found[-1].head
    assert ledger.chain.repositories() == (7, 8)
    assert ledger.chain.head(9) is None


def test_the_digest_is_made_as_the_document_says(ledger: Ledger) -> None:
    """Anybody can do the sum without our code; the time is 2026-11-28T12:00:00Z in milliseconds."""
    with ledger.database.writing() as connection:
        append(connection, Event(7, "merge", {"b": 1, "a": "ö"}, number=12, row=3), NOW)
    content = '{"a":"ö","b":1}'.encode()
    fields = [7, 1, "merge", 1795867200000, 12, 3, hashlib.sha256(content).hexdigest(), "0" * 64]
    line = b"countersign-entry-v1\n" + json.dumps(fields, separators=(",", ":")).encode()
    (entry,) = ledger.chain.entries(7)
    assert (entry.content, entry.digest) == (content, hashlib.sha256(line).hexdigest())


def test_what_is_rolled_back_leaves_no_entry(ledger: Ledger) -> None:
    add(ledger, 7, "one")
    with ledger.database.engine.connect() as connection:
        append(connection, Event(7, "delivery", {}), NOW)
        connection.rollback()
    add(ledger, 7, "two")
    assert [entry.told for entry in ledger.chain.entries(7)] == [{"guid": "one"}, {"guid": "two"}]


def test_threads_that_add_at_once_take_turns(ledger: Ledger) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: add(ledger, 7 + number % 2, str(number)), range(80)))
    for repository in (7, 8):
        found = list(ledger.chain.entries(repository))
        assert [entry.position for entry in found] == list(range(1, 41))
        assert [entry.previous for entry in found[1:]] == [entry.digest for entry in found[:-1]]


def test_processes_that_add_at_once_take_turns(tmp_path: Path) -> None:
    Ledger(f"sqlite:///{tmp_path}/ledger.sqlite").close()
    code = (
        "from datetime import UTC, datetime; from bot.ledger import Database, Event; from bot.ledger.chain import append\n"
        f"database = Database('sqlite:///{tmp_path}/ledger.sqlite')\n"
        "for number in range(50):\n"
        "    with database.writing() as connection: append(connection, Event(7, 'delivery', {}), datetime.now(UTC))\n"
    )
    started = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(3)]
    told = [process.communicate(timeout=60)[1].decode() for process in started]
    assert told == [""] * 3
    made = Ledger(f"sqlite:///{tmp_path}/ledger.sqlite")
    found = list(made.chain.entries(7))
    made.close()
    assert [entry.position for entry in found] == list(range(1, 151))
    assert [entry.previous for entry in found[1:]] == [entry.digest for entry in found[:-1]]


def test_the_database_refuses_a_second_entry_at_a_position(ledger: Ledger) -> None:
    add(ledger, 7, "one")
    with pytest.raises(sa.exc.IntegrityError), ledger.database.writing() as connection:
        connection.execute(sa.text("INSERT INTO entries SELECT * FROM entries"))


def test_what_came_is_recorded_once_and_what_is_ours_is_not(ledger: Ledger) -> None:
    ledger.deliveries.store(delivery("a"), NOW)
    ledger.deliveries.store(delivery("a"), NOW)
    ledger.deliveries.store(delivery("b", kind="ignore"), NOW)
    own = delivery("a/7.1")
    ledger.deliveries.store(type(own)(own.guid, own.event, "", *[getattr(own, name) for name in own.__struct_fields__[3:]]), NOW)
    found = list(ledger.chain.entries(7))
    assert [(entry.kind, entry.number, entry.told["guid"], entry.told["kind"]) for entry in found] == [
        ("delivery", 1, "a", "review"),
        ("delivery", 1, "b", "ignore"),
    ]


def test_an_evaluation_and_its_publication_are_recorded(ledger: Ledger) -> None:
    grounds = Grounds("violations", "0.1.0+abc", "sha256:f", "e" * 40, {"rules": "sha256:r"}, {"waivers.yml:3": ("id-1",)})
    row = ledger.evaluations.store(evaluation(), NOW, grounds)
    assert ledger.evaluations.store(evaluation(), NOW, grounds) == row
    ledger.evaluations.published(row, Shown(99, "failure", ("review-1", "check")), b"sent", NOW + SECOND)
    found = list(ledger.chain.entries(7))
    assert [(entry.kind, entry.number, entry.row) for entry in found] == [
        ("policy", None, None),
        ("evaluation", 1, row),
        ("waiver", 1, row),
        ("publication", 1, row),
    ]
    told = found[1].told
    assert (told["merge_base"], told["base"], told["head"]) == ("b" * 40, "e" * 40, "a" * 40)
    assert (told["conclusion"], told["engine"], told["facts_digest"]) == ("failure", "0.1.0+abc", "sha256:f")
    assert told["verdict"] == hashlib.sha256(b"v").hexdigest()
    assert found[2].told == {"waiver": "waivers.yml:3", "results": ["id-1"]}
    assert found[3].told["run"] == 99
    assert ledger.chain.of_row(7, "evaluation", row) == found[1]


def test_a_policy_is_recorded_when_it_is_another(ledger: Ledger) -> None:
    for number, rules in enumerate(("A", "A", "B", "A"), 1):
        ledger.evaluations.store(evaluation(number, guid=f"g{number}"), NOW, Grounds(governing={"rules": rules}))
    kinds = [entry.kind for entry in ledger.chain.entries(7)]
    assert kinds == ["policy", "evaluation", "evaluation", "policy", "evaluation", "policy", "evaluation"]
