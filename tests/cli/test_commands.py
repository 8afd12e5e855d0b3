from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import countersign
from tests.local.repositories import commit, git, write


@pytest.fixture
def history(clone: Path) -> Path:
    """First-parent history of `main`: base, three merges, of which one stops, one asks, one is silent, and a change of documents."""
    for branch in ("good", "bad", "docs"):
        git(clone, "merge", "--quiet", "--no-ff", "--no-edit", branch)
    commit(clone, {"main.tf": (clone / "main.tf").read_text().replace("0.0.0.0/0", "10.0.0.0/8")}, "Narrow it\x1b[2J")
    commit(clone, {"a.bicep": "param x string\n"}, "Another language")
    return clone


def test_backtest_counts_what_would_have_happened(history: Path) -> None:
    done = countersign("backtest", "--last", "50", "--repo", history)
    assert (done.code, done.error) == (0, "")
    first, *rest = done.out.splitlines()
    assert first == "4 of 5 infrastructure: 2 silent, 0 would ask, 1 would stop, 1 in a language that is not read"
    text = "\n".join(rest)
    assert "Merge branch 'bad'" in text
    assert "main.tf:6  error  A database is reachable from every address  [database-port-open-to-world]" in text
    assert "a.bicep" in text
    assert "Merge branch 'good'" not in text


def test_backtest_as_json(history: Path) -> None:
    found = json.loads(countersign("backtest", "--repo", history, "--format", "json").out)
    assert {name: found[name] for name in ("changes", "infrastructure", "silent", "ask", "stop", "unread", "failed")} == {
        "changes": 5, "infrastructure": 4, "silent": 2, "ask": 0, "stop": 1, "unread": 1, "failed": 0,
    }  # fmt: skip
    assert [item["outcome"] for item in found["found"]] == ["unread", "stop"]


def test_backtest_takes_the_newest(history: Path) -> None:
    assert countersign("backtest", "--last", "1", "--repo", history).out.startswith("1 of 1 infrastructure: 0 silent")


def test_backtest_of_a_single_commit_has_nothing_to_compare(tmp_path: Path) -> None:
    from tests.local.repositories import init  # noqa: PLC0415

    commit(init(tmp_path / "one"), {"a.tf": ""})
    assert countersign("backtest", "--repo", tmp_path / "one").out == "No commit with a parent in this history.\n"


def test_backtest_ends_where_a_shallow_history_ends(history: Path, tmp_path: Path) -> None:
    git(history, "clone", "--quiet", "--depth=3", history.as_uri(), str(tmp_path / "shallow"))
    done = countersign("backtest", "--repo", tmp_path / "shallow")
    assert (done.code, done.error) == (0, "")
    assert " of 2 infrastructure" in done.out


BAD = 'resource "aws_efs_file_system" "v" {\n  encrypted = false\n}\n'
GOOD = 'resource "aws_efs_file_system" "v" {\n  encrypted = true\n}\n'


def test_scan_lists_every_result(tmp_path: Path) -> None:
    write(tmp_path, {"a/main.tf": BAD, "b/main.tf": GOOD})
    done = countersign("scan", tmp_path)
    assert done.code == 1
    assert "a/main.tf:2  error  " in done.out
    assert "b/main.tf" not in done.out
    assert "2 files, 2 resources" in done.out


def test_scan_tells_once_what_reads_the_same_at_one_place(tmp_path: Path) -> None:
    calls = "".join(f'module "{name}" {{\n  source = "../m"\n}}\n' for name in "abc")
    write(tmp_path, {"m/main.tf": BAD, "root/main.tf": calls})
    done = countersign("scan", tmp_path)
    (told,) = [text for text in done.out.splitlines() if text.startswith("m/main.tf:2 ")]
    assert told.endswith("(3 times)  [aws-volume-unencrypted]")
    assert "3 results (3 violations) · 2 files" in done.out


def test_scan_as_lines_of_json_ends_with_the_coverage(tmp_path: Path) -> None:
    write(tmp_path, {"a/main.tf": BAD, "b/main.tf": GOOD})
    *results, last = [json.loads(line) for line in countersign("scan", tmp_path, "--format", "jsonl").out.splitlines()]
    assert {item["kind"] for item in results} == {"fail"}
    assert last["coverage"]["files_seen"] == 2
    with_pass = countersign("scan", tmp_path, "--format", "jsonl", "--include-pass").out.splitlines()
    assert {json.loads(line).get("kind") for line in with_pass[:-1]} == {"fail", "pass"}


def test_scan_standalone_takes_every_file_for_itself(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"main.tf": 'resource "aws_ebs_volume" "v" {\n  encrypted = var.on\n}\n', "variables.tf": 'variable "on" {\n  default = true\n}\n'},
    )
    assert countersign("scan", tmp_path).code == 0
    assert countersign("scan", tmp_path, "--standalone").code == 2


def test_scan_as_sarif(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": BAD})
    (run,) = json.loads(countersign("scan", tmp_path, "--format", "sarif").out)["runs"]
    assert [item["kind"] for item in run["results"]] == ["fail"]


def test_scan_of_a_clean_tree(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": GOOD})
    assert countersign("scan", tmp_path).code == 0


def test_rules_are_listed(tmp_path: Path) -> None:
    listed = json.loads(countersign("rules", "list", "--format", "json").out)
    kinds = {"resource_types", "views", "languages"}
    assert set(listed[0]) == {"id", "title", "disposition", "severity", "aliases", "references", "frameworks", *kinds}
    shown = countersign("rules", "list").out
    assert all(item["id"] in shown for item in listed)
    assert countersign("rules", "show", listed[0]["id"], cwd=tmp_path).out.startswith(f"{listed[0]['id']}: {listed[0]['title']}\n")


def test_new_rule_only_has_to_be_filled_in(tmp_path: Path) -> None:
    done = countersign("rules", "new", "acme/network/no-such-thing", "--rules", tmp_path)
    assert done.code == 0
    path = tmp_path / "acme/network/no-such-thing.yaml"
    assert str(path) in done.out
    assert path.read_text().count("- name:") == 5
    assert "$.title" in countersign("rules", "test", "no-such-thing", "--rules", tmp_path).error
    path.write_text(path.read_text().replace("title: ", "title: An example is true ").replace("https://…", "https://example.com"))
    done = countersign("rules", "test", "--rules", tmp_path)
    assert (done.code, done.out, done.error) == (0, "1 rule, 5 examples, all as marked\n", "")
    assert countersign("rules", "new", "acme/network/no-such-thing", "--rules", tmp_path).code == 64


def test_wrong_example_is_named_by_file_and_line(tmp_path: Path) -> None:
    countersign("rules", "new", "acme/network/no-such-thing", "--rules", tmp_path)
    path = tmp_path / "acme/network/no-such-thing.yaml"
    text = path.read_text().replace("title: ", "title: An example is true ").replace("https://…", "https://example.com")
    path.write_text(text.replace("        example = false", "        example = false  # expect: violation"))
    done = countersign("rules", "test", "--rules", tmp_path)
    assert done.code == 1
    assert "set otherwise: main.tf:2: violation expected, nothing found" in done.out


def test_demo_plays_a_pull_request_from_failure_to_success_and_leaves_nothing_behind(tmp_path: Path) -> None:
    done = countersign("demo", "--exit", TMPDIR=str(tmp_path))
    assert (done.code, done.error) == (0, "")
    assert "error[" in done.out
    assert "decide[J-1]" in done.out
    checks = [line.strip() for line in done.out.split("\n") if line.startswith("  check")]
    assert checks == [
        "check `countersign`: failure. Your turn: fix 3 violations, then 2 decisions by @robin",
        "check `countersign`: action_required. Waiting for @robin: 0 of 1 decided",
        "check `countersign`: success. Clean: 5 files, 7 resources, 52 of 488 rules apply",
    ]
    assert "comment at network/variables.tf:13: **V-2 · A database is reachable from every address**" in done.out
    assert "The same deliveries a second time: nothing changed." in done.out
    assert list(tmp_path.iterdir()) == []


def test_demo_prints_the_final_state_as_json() -> None:
    done = countersign("demo", "--exit", "--format", "json")
    state = json.loads(done.out)
    assert (done.code, set(state)) == (0, {"check_runs", "review_comments", "issue_comments", "deliveries", "api_calls"})
    assert [(run["status"], run["conclusion"]) for run in state["check_runs"]] == [
        ("completed", "failure"),
        ("completed", "action_required"),
        ("completed", "success"),
    ]
    assert len(state["issue_comments"]) == 1
    assert sorted(comment["path"] for comment in state["review_comments"]) == [
        "access.tf",
        "network/bastion.tf",
        "network/variables.tf",
        "storage.tf",  # not encrypted, and replaced for it
        "storage.tf",
    ]
