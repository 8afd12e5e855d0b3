"""What `countersign ledger` says of a record, and its exit codes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.ledger import Event, Grounds, Ledger, Shown
from bot.ledger.schema import entries, evaluations
from tests.cli.command import countersign
from tests.ledger.test_ledger import NOW, delivery, evaluation
from tests.workflows.test_replay import RULES, change, store


@pytest.fixture
def place(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.sqlite"
    made = Ledger(f"sqlite:///{path}")
    made.places.seen(7, 1, "acme/infra", NOW)
    made.deliveries.store(delivery("g1"), NOW)
    row = made.evaluations.store(evaluation(guid="g1"), NOW, Grounds("violations", "0.1.0", "sha256:f", "e" * 40))
    made.evaluations.published(row, Shown(99, "failure", ("check",)), b"sent", NOW)
    made.close()
    return path


def changed(path: Path, statement: sa.Executable) -> None:
    made = Ledger(f"sqlite:///{path}")
    with made.database.writing() as connection:
        connection.execute(statement)
    made.close()


def head(path: Path) -> str:
    made = Ledger(f"sqlite:///{path}")
    found = made.chain.head(7)
    made.close()
    assert found is not None
    return f"{found.position}:{found.digest}"


def test_a_record_as_it_was_written(place: Path) -> None:
    done = countersign("ledger", "verify", "--ledger", place)
    first, last = done.out.splitlines()
    assert first == f"acme/infra: as it was written, 3 entries, the last is {head(place).replace(':', ' ')}"
    assert last.startswith("Not checked against a witness")
    assert (done.code, done.error) == (0, "")


def test_an_altered_conclusion_is_named(place: Path) -> None:
    changed(place, sa.update(evaluations).values(conclusion="success"))
    done = countersign("ledger", "verify", "--ledger", place, "--repository", "acme/infra")
    assert done.code == 1
    assert done.out.splitlines()[1] == "  entry 2: evaluations row 1: conclusion is not what was recorded"


def test_a_removed_tail_is_seen_by_the_line_of_a_check(place: Path) -> None:
    witness = head(place)
    changed(place, sa.delete(entries).where(entries.c.position == 3))
    assert countersign("ledger", "verify", "--ledger", place).code == 0
    done = countersign("ledger", "verify", "--ledger", place, "--head", witness, "--format", "json")
    assert done.code == 1
    (told,) = json.loads(done.out)
    assert [(item["position"], item["key"], item["text"]) for item in told["alterations"]] == [
        (3, "short", "entry 3: a witness knows this entry; the record ends at 2")
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("ledger",), 64, "ledger verify"),
        (("ledger", "verify", "--head", "12"), 64, "POSITION:DIGEST is needed"),
        (("ledger", "verify", "--repository", "acme/other"), 64, "the record knows acme/infra"),
        (("ledger", "verify", "--against-github"), 64, "needs the App's settings"),
    ],
)
def test_what_cannot_be_understood(place: Path, arguments: tuple[str, ...], code: int, told: str) -> None:
    done = countersign(*arguments, "--ledger", place)
    assert done.code == code
    assert told in done.error


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    done = countersign("ledger", "verify", "--ledger", tmp_path / "none.sqlite")
    assert (done.code, "there is no such file" in done.error) == (64, True)
    assert not (tmp_path / "none.sqlite").exists()


def test_a_file_that_is_no_record_is_not_taken_for_one(tmp_path: Path) -> None:
    (tmp_path / "words").write_text("words " * 1000)
    done = countersign("ledger", "verify", "--ledger", tmp_path / "words")
    assert (done.code, "cannot be read as a record" in done.error) == (3, True)


def test_a_replay_says_what_is_not_kept(place: Path) -> None:
    done = countersign("ledger", "replay", "1", "--ledger", place)
    assert (done.code, done.out.splitlines()[0]) == (3, "evaluation 1: its snapshot is not kept, or not any more")
    done = countersign("ledger", "replay", "--last", "5", "--ledger", place)
    assert (done.code, done.out) == (0, "No snapshot is kept, so there is nothing to evaluate again.\n")
    assert countersign("ledger", "replay", "one", "--ledger", place).code == 64


def test_a_replay_says_that_the_verdict_is_the_same_and_which_program_made_it(place: Path) -> None:
    made = Ledger(f"sqlite:///{place}")
    row = store(made, 2, change(2, RULES))
    made.close()
    done = countersign("ledger", "replay", "--ledger", place)
    first, second = done.out.splitlines()
    assert first == "1 of 1 evaluation gives the same verdict, bit by bit"
    assert second.startswith("evaluated by 0.0.9+then, replayed by 0.")
    assert done.code == 0
    changed(place, sa.update(evaluations).where(evaluations.c.id == row).values(snapshot_digest="sha256:other"))
    done = countersign("ledger", "replay", str(row), "--ledger", place)
    assert (done.code, "what is kept is not what was evaluated" in done.out) == (3, True)


def test_everything_about_a_pull_request(place: Path) -> None:
    done = countersign("ledger", "export", "--pull", "1", "--ledger", place)
    told = json.loads(done.out)
    assert (done.code, told["repository"], told["pull"]) == (0, {"id": 7, "name": "acme/infra"}, 1)
    assert [entry["kind"] for entry in told["entries"]] == ["delivery", "evaluation", "publication"]
    assert told["entries"][-1]["digest"] == told["record"]["digest"]
    assert countersign("ledger", "export", "--pull", "2", "--ledger", place).code == 64


def test_a_statement_names_the_head_as_git_does(place: Path) -> None:
    merged = {"branch": "main", "head": "a" * 40, "commit": "1" * 40, "tree": "2" * 40, "by": "mona", "account": 5}
    made = Ledger(f"sqlite:///{place}")
    made.chain.record([Event(7, "merge", merged, 1, 9)], NOW)
    made.close()
    done = countersign("ledger", "export", "--pull", "1", "--format", "in-toto", "--ledger", place)
    told = json.loads(done.out)
    assert (told["_type"], told["predicateType"]) == ("https://in-toto.io/Statement/v1", "urn:countersign:verdict:v1")
    assert told["subject"] == [
        {"name": "acme/infra#1", "digest": {"gitCommit": "a" * 40}},
        {"name": "acme/infra@main", "digest": {"gitCommit": "1" * 40, "gitTree": "2" * 40}},
    ]
    assert told["predicate"]["verdict"]["conclusion"] == "failure"
    assert told["predicate"]["record"]["evaluation"]["position"] == 2


def test_a_report_begins_with_the_gaps_and_holds_no_formula(place: Path) -> None:
    made = Ledger(f"sqlite:///{place}")
    merged = {"branch": "main", "head": "a" * 40, "commit": "1" * 40, "tree": "2" * 40, "by": "=HYPERLINK(1)", "account": 5}
    pushed = {"branch": "main", "before": "0" * 40, "after": "3" * 40, "by": "mona", "account": 5}
    made.chain.record([Event(7, "merge", merged, 1, 9), Event(7, "push", pushed, None, 10)], NOW)
    made.chain.record([Event(7, "push", {**pushed, "after": "1" * 40}, None, 11)], NOW)
    made.close()
    done = countersign("ledger", "report", "--from", "2026-11-28", "--to", "2026-11-29", "--ledger", place)
    found = list(csv.DictReader(done.out.splitlines()))
    assert [(row["gap"], row["standing"], row["pull"], row["commit"], row["merged_by"]) for row in found] == [
        ("yes", "direct-push", "", "3" * 40, "mona"),
        ("yes", "failing", "1", "1" * 40, "'=HYPERLINK(1)"),
    ]
    assert (found[1]["at"], found[1]["repository"], found[1]["verdict_entry"]) == ("2026-11-28T12:00:00Z", "acme/infra", "2")
    assert done.code == 0
    changed(place, sa.update(evaluations).values(conclusion="success"))
    done = countersign("ledger", "report", "--from", "2026-11-28", "--to", "2026-11-29", "--ledger", place)
    assert (done.code, "the record was altered in 1 place" in done.error) == (1, True)
    assert "failing" in done.out
    assert countersign("ledger", "report", "--from", "2026-11-28", "--to", "x", "--ledger", place).code == 64


@pytest.mark.slow
def test_another_policy_tells_which_verdicts_would_differ(place: Path, tmp_path: Path) -> None:
    """#3 is open to the world, #4 to a private network. Of evaluation 1 nothing is kept."""
    made = Ledger(f"sqlite:///{place}")
    rows = [store(made, number, change(number, RULES)) for number in (3, 4)]
    made.close()
    configuration = tmp_path / "proposed/.github/countersign.yml"
    configuration.parent.mkdir(parents=True)
    arguments = ("ledger", "replay", "--ledger", place, "--policy", tmp_path / "proposed")
    assert "there is none of .github/countersign.yml" in countersign(*arguments).error
    configuration.write_text("level: observe\n")
    done = countersign(*arguments)
    assert done.out.splitlines() == [f"acme/infra#3: failure → neutral (evaluation {rows[0]})", "1 of 2 verdicts would differ, 0 not known"]
    assert done.code == 1
    done = countersign("ledger", "replay", "1", *arguments[2:])
    assert (done.code, done.out.splitlines()[-1]) == (3, "0 of 0 verdicts would differ, 1 not known")
    configuration.write_text("level: loudly\n")
    assert "it is not valid" in countersign(*arguments).error
