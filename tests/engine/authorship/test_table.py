"""The table of signals: what is shipped is whole, and what is wrong in it is said with its place."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from bot.engine.authorship.table import load_signals
from bot.engine.policy.problem import PolicyError
from tests.engine.authorship.table import FILE, signals


def written() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.safe_load(FILE.read_bytes())["signals"]
    return rows


ROW = "version: '1'\nsignals:\n  - {id: a, role: writer, strength: strong, place: [trailer], source: here, addresses: [a@b.example]}\n"


def test_every_row_says_where_it_is_from() -> None:
    assert len(signals().rows) > 100
    assert [row["id"] for row in written() if row["source"][:1] not in ("M", "R", "B")] == []


def test_what_is_only_believed_is_a_hint() -> None:
    believed = [row["id"] for row in written() if row["source"].startswith("B") and row["strength"] != "hint"]
    assert believed == ["ai-label"]  # a label is set by somebody who may


def test_only_an_account_is_proof() -> None:
    assert [row.id for row in signals().rows if row.strength == "proof" and "account" not in row.places] == []
    assert [row.id for row in signals().rows if row.strength == "proof" and not (row.accounts or row.logins)] == []


def test_a_branch_is_a_hint() -> None:
    assert {row.strength for row in signals().rows if "branch" in row.places} == {"hint"}


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("strong", "`t.yaml:3:19` `$.signals[0].role: strong` is not a role. One of: writer, partial, reviewer, automation."),
        ("writer, strength: sure", "`t.yaml:3:37` `$.signals[0].strength: sure` is not a strength. One of: proof, strong, hint."),
    ],
)
def test_a_word_that_is_none_is_said_with_its_place(row: str, problem: str) -> None:
    text = ROW.replace("writer, strength: strong", row) if "," in row else ROW.replace("writer", row)
    assert str(_refused(text)).startswith(problem)


def test_everything_wrong_is_said_at_once() -> None:
    text = ROW + (
        "  - {id: a, role: writer, strength: strong, place: [trailer], source: here, pattern: '('}\n"
        "  - {id: b, role: writer, strength: strong, place: [trailer], source: here}\n"
        "  - {id: c, role: writer, strength: strong, place: [trailer], source: here, agent: x}\n"
        "  - {id: d, role: writer, strength: strong, place: [trailer], source: here, adresses: [x]}\n"
    )
    said = [f"{problem.span.line} {problem.place} {problem.text}" for problem in _refused(text).problems]
    assert next(line for line in said if "is not a regular expression" in line).startswith("4 $.signals[1].pattern")
    assert "4 $.signals[1].id is the id of another row." in said
    assert any(line.startswith("5 $.signals[2] matches nothing") for line in said)
    assert "6 $.signals[3].keys is missing: an agent is named in the value of a trailer." in said
    assert any("Did you mean `addresses`?" in line for line in said)


def test_an_empty_file_is_no_table() -> None:
    assert str(_refused("")) == "`t.yaml:1:1` is empty."


def _refused(text: str) -> PolicyError:
    with pytest.raises(PolicyError) as refused:
        load_signals(text.encode(), "t.yaml")
    return refused.value
