from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import COMMAND, ROOT, countersign, environment
from tests.local.repositories import ENVIRONMENT, commit, git, init

CLAUDE = "Co-Authored-By: Claude <noreply@anthropic.com>"
COMMIT = {"sha": "1f3c", "author_name": "Kim", "author_email": "kim@example.com", "message": f"Fix it\n\n{CLAUDE}", "label": "ignored"}


def graded(*rows: object) -> list[dict[str, Any]]:
    text = "".join(f"{json.dumps(row)}\n" for row in rows)
    done = subprocess.run([*COMMAND, "authorship"], input=text.encode(), cwd=ROOT, env=environment(), capture_output=True, check=True)
    assert done.stderr == b""
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_commit_in_is_a_grade_out() -> None:
    (found,) = graded(COMMIT)
    assert found == {
        "sha": "1f3c",
        "grade": "ai-declared",
        "tools": ["Claude Code"],
        "evidence": [{"rule": "claude-code-address", "role": "writer", "strength": "strong", "place": "trailer", "text": CLAUDE}],
        "table": found["table"],
    }


def test_a_pull_request_is_graded_by_account_body_branch_and_commits() -> None:
    rows = graded(
        {"number": 7, "user": "devin-ai-integration[bot]", "title": "x", "body": None, "head_ref": "devin/1751234567-fix"},
        {"number": "8", "user": {"login": "kim", "id": 12}, "title": "x", "body": "Fix it", "head_ref": "fix", "labels": [{"name": "bug"}]},
        {"number": 9, "user": "kim", "body": "Fix it", "commits": [COMMIT, {**COMMIT, "sha": "2", "message": "Fix more"}]},
        {"number": 10, "user": "kim", "body": "Fix it", "head_ref": "codex/fix", "labels": ["codex"]},
        {"number": 11, "user": "kim", "body": "Fix it", "head_ref": "codex/fix"},
    )
    assert [(row["number"], row["grade"], row["tools"]) for row in rows] == [
        (7, "ai-declared", ["Devin"]),
        ("8", "no-evidence", []),
        (9, "ai-declared", ["Claude Code"]),
        (10, "ai-suspected", ["OpenAI Codex"]),
        (11, "no-evidence", []),
    ]
    assert [item["strength"] for item in rows[0]["evidence"]] == ["proof", "hint"]
    assert [(item["sha"], item["grade"]) for item in rows[2]["commits"]] == [("1f3c", "ai-declared"), ("2", "no-evidence")]


def test_a_note_attests_lines() -> None:
    note = 'main.tf\n  s_0a1b2c::t_3d4e 1-3,9\n---\n{"sessions": {"s_0a1b2c": {"agent_id": {"tool": "claude"}}}}'
    (found,) = graded({**COMMIT, "message": "Fix it", "note": note})
    assert (found["grade"], found["tools"]) == ("ai-declared", ["Claude Code"])
    assert found["evidence"][0]["text"] == "main.tf:1-3,9"


def test_half_a_surrogate_pair_is_read() -> None:
    (found,) = graded({**COMMIT, "message": "Fix \ud83d it\n\nAssisted-by: Claude Code \ud83d"})
    assert (found["grade"], found["evidence"][0]["text"]) == ("ai-declared", "Assisted-by: Claude Code \ufffd")


def test_a_line_that_cannot_be_used_is_named_and_the_others_are_graded(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text('{"sha": 1}\n\n{"title": "x"}\n{"sha"\n{"sha": "a"}\n')
    done = countersign("authorship", tmp_path / "rows.jsonl")
    assert done.code == 64
    assert [json.loads(line)["sha"] for line in done.out.splitlines()] == ["a"]
    first, second, third = done.error.splitlines()
    assert first.endswith("rows.jsonl:1 is not used: Expected `str`, got `int` - at `$.sha`")
    assert second.endswith('rows.jsonl:3 is not used: an object with "sha" (a commit) or "number" (a pull request) is needed')
    assert "rows.jsonl:4 is not used: " in third


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["absent.jsonl"], "absent.jsonl cannot be read: No such file or directory"),
        (["--since", "2026-01-01"], "authorship --since goes with --history. See: countersign authorship --help"),
        (["--notes"], "authorship --notes goes with --history. See: countersign authorship --help"),
        (["--history", "--since", "2026-1-1"], "authorship --since 2026-1-1: a day is needed, for example 2026-01-31"),
        (["--history", "rows"], "authorship reads either rows or, with --history, a clone"),
    ],
)
def test_what_is_wrong_with_the_command_is_said(words: list[str], said: str) -> None:
    done = countersign("authorship", *words)
    assert (done.code, done.out, done.error) == (64, "", f"countersign: {said}\n")


def test_a_table_of_ones_own_is_checked_with_places(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text("version: '1'\nsignals:\n  - {id: a, role: robot, strength: strong, place: [author], source: me}\n")
    done = countersign("authorship", "--signals", tmp_path / "t.yaml", tmp_path / "none")
    assert done.code == 64
    assert "t.yaml:3:19` `$.signals[0].role: robot` is not a role. One of: writer, partial, reviewer, automation." in done.error


@pytest.fixture
def past(tmp_path: Path) -> Path:
    """Two months: in March two declared commits and a person's, in April one of an automation, one of an unknown App, a merge."""
    path = init(tmp_path / "past")
    author = {"author": ("Kim", "kim@example.com"), "renovate": ("renovate[bot]", "29139614+renovate[bot]@users.noreply.github.com")}
    author["app"] = ("fixer[bot]", "77+fixer[bot]@users.noreply.github.com")
    for day, who, message in (
        ("2026-03-01", "author", "One"),
        ("2026-03-02", "author", f"Two\n\n{CLAUDE}"),
        ("2026-03-31", "author", "Three\n\nMade-with: Cursor"),
        ("2026-04-01", "renovate", "Four"),
        ("2026-04-02", "app", "Five"),
    ):
        name, address = author[who]
        dates = {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
        people = {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": address}
        command = ["git", "-C", str(path), "commit", "--quiet", "--allow-empty", "-m", message]
        subprocess.run(command, env={**ENVIRONMENT, **dates, **people}, check=True)
    return path


def test_a_history_is_counted_by_month_and_tool(past: Path) -> None:
    done = countersign("authorship", "--history", "--repo", past)
    assert (done.code, done.error) == (0, "")
    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    assert lines[:3] == [
        "month commits AI-declared in part hints automation no evidence AI share",
        "2026-03 3 2 0 0 0 1 66.7 % Claude Code 1, Cursor 1",
        "2026-04 2 0 0 0 2 0 -",
    ]
    assert any(line.startswith("5 commits without merges at ") and "AI share 66.7 %" in line for line in lines)
    assert "The table may be out of date, it does not know these Apps: 77+fixer[bot]@users.noreply.github.com 1" in lines
    assert lines[-1].startswith("A lower bound.")
    assert "Kim" not in done.out
    assert "kim@" not in done.out


def test_a_history_since_a_day_as_json(past: Path) -> None:
    found = json.loads(countersign("authorship", "--history", "--repo", past, "--since", "2026-03-31", "--format", "json").out)
    assert [(month["month"], month["commits"], month["tools"], month["share"]) for month in found["months"]] == [
        ("2026-03", 1, {"Cursor": 1}, 100.0),
        ("2026-04", 2, {}, None),
    ]
    assert found["unknown_accounts"] == {"77+fixer[bot]@users.noreply.github.com": 1}


def test_notes_are_read_when_asked_for(past: Path) -> None:
    first = git(past, "rev-list", "--max-parents=0", "HEAD")
    note = 'a.tf\n  0123456789abcdef 1\n---\n{"prompts": {"0123456789abcdef": {"agent_id": {"tool": "codex"}}}}'
    git(past, "notes", "--ref=ai", "add", "-m", note, first)
    without = json.loads(countersign("authorship", "--history", "--repo", past, "--format", "json").out)
    noted = json.loads(countersign("authorship", "--history", "--repo", past, "--notes", "--format", "json").out)
    assert (without["months"][0]["share"], without["notes"]) == (66.7, 0)
    assert (noted["months"][0]["share"], noted["notes"]) == (100.0, 1)
    assert noted["months"][0]["tools"]["OpenAI Codex"] == 1


def test_an_empty_history_says_so(tmp_path: Path) -> None:
    commit(init(tmp_path / "one"), {"a": "b"})
    done = countersign("authorship", "--history", "--repo", tmp_path / "one", "--since", "2100-01-01")
    assert (done.code, done.out) == (0, "No commit in this history.\n")


def test_a_review_says_it_in_one_line_and_decides_nothing_by_it(clone: Path) -> None:
    without = countersign("review", "main..bad", "--repo", clone)
    git(clone, "checkout", "--quiet", "bad")
    git(clone, "commit", "--quiet", "--allow-empty", "-m", f"Say more\n\n{CLAUDE}")
    declared = countersign("review", "main..bad", "--repo", clone)
    assert declared.code == without.code == 1
    assert "AI-declared: 1 of 2 commits, Claude Code (trailer)" in declared.out.splitlines()
    assert "AI" not in without.out
    document = json.loads(countersign("review", "main..bad", "--repo", clone, "--format", "json").out)
    assert (document["authorship"]["grade"], document["authorship"]["tools"]) == ("ai-declared", ["Claude Code"])
    assert [each["grade"] for each in document["authorship"]["commits"]] == ["ai-declared", "no-evidence"]
    summary = countersign("review", "main..bad", "--repo", clone, "--format", "markdown").out
    assert "AI-declared: 1 of 2 commits, Claude Code" in summary


def test_directories_are_graded_by_their_message(tmp_path: Path) -> None:
    (tmp_path / "before").mkdir()
    (tmp_path / "after").mkdir()
    (tmp_path / "after/README.md").write_text("x")
    (tmp_path / "message").write_text(f"Say it\n\n{CLAUDE}\n")
    words = ("review", "--before", tmp_path / "before", "--after", tmp_path / "after")
    assert "AI-declared: 1 commit, Claude Code (trailer)" in countersign(*words, "--message", tmp_path / "message").out
    assert json.loads(countersign(*words, "--format", "json").out)["authorship"]["grade"] is None
