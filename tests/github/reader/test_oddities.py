"""Forks, force-pushes, large and odd files, cut lists, answers that are not true: read exactly, named, or refused; never passed over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from bot.engine.evaluation import evaluate, needs
from bot.engine.model.resource import Limits
from bot.engine.model.verdict import Verdict
from bot.github.refusal import Refusal
from bot.standin.state.pulls import PullRequest
from bot.standin.state.repository import Content, File
from tests.github.reader.conftest import CHANGED, FILES, GROUP, Scene, empty
from tests.github.reader.gitrepository import local
from tests.github.reader.test_equals_git import same

OPEN = GROUP.format(name="z", cidr='["0.0.0.0/0"]')
TREES = "GET /repos/{owner}/{repo}/git/trees/{tree_sha}"
LISTED = "GET /repos/{owner}/{repo}/pulls/{pull_number}/files"


def blocking(verdict: Verdict) -> list[tuple[str, str, int]]:
    return [(result.rule, result.file, result.line) for result in verdict.results if result.blocks]


def anchors(verdict: Verdict) -> list[tuple[str, int] | None]:
    found = [result.anchor for result in verdict.results if result.blocks]
    return [(anchor.path, anchor.line) if anchor else None for anchor in found]


# Where the head comes from


@pytest.mark.parametrize("deleted", [False, True])
def test_a_private_fork_is_read_through_the_base_repository(reading: Scene, tmp_path: Path, deleted: bool) -> None:  # noqa: FBT001
    fork = reading.repo.fork(reading.standin.user("eve"))
    pull = reading.repo.pull_request("main", files=CHANGED, by=reading.standin.user("eve"), head=fork)
    if deleted:
        fork.delete()
    same(reading.snapshot(pull), local(reading.repo, pull.base_tip, pull.head_sha, tmp_path / "clone"))


def test_a_draft_is_read_like_any_other(reading: Scene) -> None:
    assert reading.verdict(reading.opened(CHANGED, draft=True)).conclusion == "failure"


def test_a_head_that_was_pushed_away_is_still_read_by_its_id(reading: Scene, tmp_path: Path) -> None:
    pull = reading.opened(CHANGED)
    facts = reading.facts(pull)
    pull.force_push({"other.tf": "a = 1\n"})
    same(reading.reader.snapshot(facts, empty(), needs), local(reading.repo, facts.base_sha, facts.head_sha, tmp_path / "clone"))


def test_a_head_that_github_has_forgotten_is_refused(reading: Scene) -> None:
    facts = replace(reading.facts(reading.opened(CHANGED)), head_sha="0" * 40)
    with pytest.raises(Refusal) as refusal:
        reading.reader.snapshot(facts, empty(), needs)
    assert refusal.value.kind == "not-found"


def test_a_base_branch_that_is_gone_is_read_by_its_last_commit(reading: Scene) -> None:
    reading.repo.create_branch("release")
    pull = reading.opened(CHANGED, base="release")
    reading.repo.update_ref("refs/heads/release", None, reading.org)
    assert len(blocking(reading.verdict(pull))) == 3


def test_an_empty_pull_request_changes_nothing(reading: Scene) -> None:
    pull = reading.opened({})
    found = reading.snapshot(pull)
    assert (found.base.entries, found.patch, len(found.commits)) == (found.head.entries, b"", 1)
    assert evaluate(found).state == "no-infrastructure"


def test_histories_without_a_common_commit_are_compared_with_nothing(reading: Scene) -> None:
    pull = reading.opened(CHANGED)
    facts = reading.facts(pull)
    alone = reading.repo.write_commit([], {"main.tf": OPEN}, "alone", reading.mona.person())
    verdict = evaluate(reading.reader.snapshot(replace(facts, head_sha=alone, changed_files=1), empty(), needs))
    assert (verdict.base, blocking(verdict)) == ("", [("ssh-port-open-to-world", "main.tf", 8)])


def test_all_commits_are_read(reading: Scene) -> None:
    pull = reading.opened({"a.md": "0\n"})
    for number in range(1, 261):
        pull.push({"a.md": f"{number}\n"}, message=f"Commit {number}")
    commits = reading.snapshot(pull).commits
    assert [commit.message for commit in commits] == [*(f"Commit {number}" for number in range(260, 0, -1)), "Change it"]
    assert {commit.author_email for commit in commits} == {reading.mona.person().email}


# What cannot be read is named, and asked about


def test_an_lfs_pointer_a_large_file_and_a_submodule_are_named(reading: Scene) -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n"
    files: dict[str, Content] = {"lfs.tf": pointer, "large.tf": b"#" * 5_001, "module.tf": File(b"1" * 40, 0o160000), "new.tf": OPEN}
    pull = reading.opened(files)
    small = replace(empty(), limits=Limits(file_bytes=5_000))
    found = reading.reader.snapshot(reading.facts(pull), small, needs)
    assert found.unfetched == {"lfs.tf": "lfs", "large.tf": "limit", "module.tf": "submodule"}
    verdict = evaluate(found)
    assert sorted(item for item in blocking(verdict) if item[0] == "countersign-not-read") == [
        ("countersign-not-read", path, 1) for path in ("large.tf", "lfs.tf", "module.tf")
    ]
    assert (verdict.conclusion, verdict.coverage.unread) == ("failure", 3)


@pytest.mark.parametrize("padding", [b"# \xe9\n", b"# \0\n", b"#" * 600_000 + b"\n", "# \ufeff\n".encode()])
def test_contents_that_the_query_cannot_show_are_read_exactly(reading: Scene, padding: bytes) -> None:
    pull = reading.opened({"new.tf": padding + OPEN.encode()})
    found = reading.snapshot(pull)
    assert found.blobs[found.head.entries["new.tf"].oid] == padding + OPEN.encode()
    assert found.unfetched == {}


def texts(answer: Any, change: Callable[[str], str]) -> None:
    """Changes every text of an answer."""
    if isinstance(answer, dict):
        if isinstance(answer.get("text"), str):
            answer["text"] = change(answer["text"])
        for value in answer.values():
            texts(value, change)


def test_a_text_that_is_not_the_blobs_is_not_believed(reading: Scene) -> None:
    pull = reading.opened(CHANGED)
    wanted = blocking(reading.verdict(pull))

    def recoded(_: str, body: Any) -> Any:
        texts(body, lambda text: text.replace("0.0.0.0/0", "10.0.0.0/8"))
        return body

    reading.line.altered = recoded
    reading.reader = type(reading.reader)(reading.line)
    assert blocking(reading.verdict(pull)) == wanted != []


def test_a_blob_that_is_nowhere_as_its_id_says_is_not_read(reading: Scene) -> None:
    pull = reading.opened({"new.tf": OPEN})

    def lying(path: str, body: Any) -> Any:
        texts(body, lambda text: text + "#")
        return {**body, "content": "IyBub3RoaW5nCg=="} if "/git/blobs/" in path else body

    reading.line.altered = lying
    found = reading.snapshot(pull)
    assert found.unfetched["new.tf"] == "unreadable"
    assert ("countersign-not-read", "new.tf", 1) in blocking(evaluate(found))


# Listings


@pytest.mark.parametrize("limit", [2, 4, 6])
def test_a_tree_that_github_cuts_is_read_level_by_level(reading: Scene, tmp_path: Path, limit: int) -> None:
    reading.repo.commit({f"d{number}/e/f{each}.tf": "a = 1\n" for number in range(2) for each in range(2)} | {"call.tf": None})
    reading.repo.commit({"README.md": None, "vars.tf": None, "main.tf": None, "modules/net/main.tf": None})
    pull = reading.opened({"d1/e/f1.tf": OPEN})
    reading.standin.tree_limits = (limit, 1_000_000)
    same(reading.snapshot(pull), local(reading.repo, pull.base_tip, pull.head_sha, tmp_path / "clone"))


def test_a_directory_that_github_never_lists_whole_is_refused(reading: Scene) -> None:
    pull = reading.opened(CHANGED)
    reading.standin.tree_limits = (1, 1_000_000)
    with pytest.raises(Refusal) as refusal:
        reading.snapshot(pull)
    assert refusal.value.kind == "too-large"


def test_a_listing_that_lacks_a_file_is_refused(reading: Scene) -> None:
    pull = reading.opened(CHANGED)

    def lacking(path: str, body: Any) -> Any:
        return {**body, "tree": [row for row in body["tree"] if row["path"] != "main.tf"]} if "/git/trees/" in path else body

    reading.line.altered = lacking
    with pytest.raises(Refusal, match="is not whole: `` has other contents than its id says") as refusal:
        reading.snapshot(pull)
    assert refusal.value.passing


def test_a_base_that_is_not_the_head_without_the_changes_is_listed(reading: Scene, tmp_path: Path) -> None:
    pull = reading.opened(CHANGED)

    def lacking(path: str, body: Any) -> Any:
        return {**body, "files": [row for row in body["files"] if row["filename"] != "vars.tf"]} if "/compare/" in path else body

    reading.line.altered = lacking
    facts = replace(reading.facts(pull), changed_files=3)
    reading.calls()
    same(reading.reader.snapshot(facts, empty(), needs), local(reading.repo, pull.base_tip, pull.head_sha, tmp_path / "clone"))
    assert reading.calls().count(TREES) == 2


def lossy(answer: Any) -> Any:
    """An answer in which a name was not UTF-8."""
    return {**answer, "tree": [{**row, "path": row["path"].replace("?", "\ufffd")} for row in answer["tree"]]}


def test_a_name_that_is_not_utf8_is_read_under_what_can_be_shown_of_it(reading: Scene) -> None:
    reading.repo.commit({"od?/d?.tf": "a = 1\n"})
    pull = reading.opened({"od?/new.tf": OPEN})
    reading.line.altered = lambda path, body: lossy(body) if "/git/trees/" in path else body
    found = reading.snapshot(pull)
    assert "od\ufffd/d\ufffd.tf" in found.head.entries
    assert blocking(evaluate(found)) == [("ssh-port-open-to-world", "od\ufffd/new.tf", 8)]


def test_two_names_that_look_the_same_are_not_taken_for_one(reading: Scene) -> None:
    pull = reading.opened({"a?.tf": OPEN, "a\ufffd.tf": "b = 1\n"})
    reading.line.altered = lambda path, body: lossy(body) if "/git/trees/" in path else body
    found = reading.snapshot(pull)
    assert found.unfetched == {"a\ufffd.tf": "unreadable"}
    assert blocking(evaluate(found)) == [("countersign-not-read", "a\ufffd.tf", 1)]


# Lists of files and patches


def test_fewer_changes_than_github_counts_are_never_a_pass(reading: Scene) -> None:
    pull = reading.opened({f"f{number}.md": "x\n" for number in range(301)})
    facts = reading.facts(pull)
    assert len(reading.reader.snapshot(facts, empty(), needs).head.entries) == len(FILES) + 301
    with pytest.raises(Refusal, match="GitHub counts 302 changed files, 301 were read") as refusal:
        reading.reader.snapshot(replace(facts, changed_files=302), empty(), needs)
    assert refusal.value.passing


def test_a_whole_comparison_needs_no_count(reading: Scene) -> None:
    facts = replace(reading.facts(reading.opened(CHANGED)), changed_files=None)
    assert evaluate(reading.reader.snapshot(facts, empty(), needs)).conclusion == "failure"


def test_a_comparison_that_was_cut_is_never_a_pass_without_a_count(reading: Scene) -> None:
    many = reading.facts(reading.opened({f"f{number}.md": "x\n" for number in range(301)}))
    with pytest.raises(Refusal, match="GitHub counts no changed files, 301 were read") as refusal:
        reading.reader.snapshot(replace(many, changed_files=None), empty(), needs)
    assert refusal.value.passing


def test_a_count_from_before_the_base_branch_took_the_commits_in_does_not_hold(reading: Scene) -> None:
    pull = reading.opened(CHANGED)
    facts = replace(reading.facts(pull), changed_files=9)
    assert evaluate(reading.reader.snapshot(facts, empty(), needs)).conclusion == "failure"


def test_moves_beyond_three_hundred_files_are_told_by_the_pull_requests_own_list(reading: Scene) -> None:
    moved: dict[str, Content] = {f"old/f{number}.tf": f"a = {number}\n" * 3 for number in range(310)}
    reading.repo.commit(moved)
    pull = reading.opened(dict.fromkeys(moved) | {path.replace("old", "new"): data for path, data in moved.items()})
    reading.calls()
    found = reading.snapshot(pull)
    assert found.renames == {path.replace("old", "new"): path for path in moved}
    assert reading.calls().count(LISTED) == 4


def test_moves_in_a_large_merge_group_are_told_by_equal_contents(reading: Scene) -> None:
    moved: dict[str, Content] = {f"old/f{number}.md": f"a = {number}\n" * 3 for number in range(310)}
    reading.repo.commit(moved)
    pull = reading.opened(dict.fromkeys(moved) | {path.replace("old", "new"): data for path, data in moved.items()})
    found = reading.queued(reading.repo.merge_group([pull]))
    assert found.renames == {path.replace("old", "new"): path for path in moved}


def large(reading: Scene) -> PullRequest:
    """A file of which GitHub shows no patch, beside one that it shows."""
    text = "".join(f"# {number}\n" for number in range(11_000))
    reading.repo.commit({"large.tf": text})
    return reading.opened({"large.tf": text.replace("# ", "# x") + OPEN, "new.tf": OPEN.replace('"z"', '"y"')})


def test_lines_of_a_file_without_a_patch_are_compared(reading: Scene) -> None:
    pull = large(reading)
    found = reading.snapshot(pull)
    assert b"large.tf" not in found.patch
    assert b"+++ b/new.tf\n" in found.patch
    assert anchors(evaluate(found)) == [("large.tf", 11_008), ("new.tf", 8)]


def test_a_patch_that_lacks_lines_is_left_out(reading: Scene) -> None:
    pull = reading.opened(CHANGED)

    def cut(path: str, body: Any) -> Any:
        if "/compare/" in path:
            for row in body["files"]:
                row["patch"] = row["patch"][: row["patch"].rindex("\n+")] if row["filename"] == "main.tf" else row["patch"]
        return body

    reading.line.altered = cut
    found = reading.snapshot(pull)
    assert b"main.tf" not in found.patch
    assert ("main.tf", 20) in anchors(evaluate(found))


def test_a_comment_never_stands_on_a_link(reading: Scene) -> None:
    pull = reading.opened({"shared/open.tf": OPEN, "prod/main.tf": File(b"../shared/open.tf", 0o120000)})
    verdict = reading.verdict(pull)
    assert [(result.file, result.anchor) for result in verdict.results if result.file == "prod/main.tf"] == [("prod/main.tf", None)]


@pytest.mark.parametrize("sign", ["\n", "\r", "\t", '"', "\\", "\u2028"])
def test_a_name_cannot_pretend_to_be_another_files_header(reading: Scene, sign: str) -> None:
    name = f"x{sign}+++ b{sign}main.tf"
    pull = reading.opened({name: "a\n", **CHANGED})
    found = reading.snapshot(pull)
    assert b"x" + sign.encode() not in found.patch
    assert found.patch.count(b"+++ ") == 3
    assert ("main.tf", 20) in anchors(evaluate(found))


# Faults


@pytest.mark.parametrize("kind", ["502", "timeout", "403-secondary", "429", "connection-reset"])
@pytest.mark.parametrize("match", ["POST /graphql", "GET */compare/*", "GET */git/trees/*"])
def test_what_passes_is_waited_for(reading: Scene, match: str, kind: Any) -> None:
    pull = reading.opened(CHANGED)
    fault = reading.standin.faults.add(match, kind=kind, seconds=0.0)
    assert reading.verdict(pull).conclusion == "failure"
    assert fault.hits == 1


@pytest.mark.parametrize("match", ["POST /graphql", "GET */compare/*", "GET */git/trees/*", "GET */git/blobs/*"])
def test_what_does_not_pass_is_refused_and_read_later(reading: Scene, match: str) -> None:
    pull = reading.opened({**CHANGED, "latin.tf": b"# \xe9\n"})
    facts = reading.facts(pull)
    reading.standin.faults.add(match, kind="502", times=-1)
    with pytest.raises(Refusal) as refusal:
        reading.reader.snapshot(facts, empty(), needs)
    assert refusal.value.passing
    reading.standin.faults.clear()
    assert evaluate(reading.reader.snapshot(facts, empty(), needs)).conclusion == "failure"


def test_contents_that_github_cannot_give_in_one_answer_are_asked_for_in_parts(reading: Scene) -> None:
    files: dict[str, Content] = {f"f{number}.tf": f"a = {number}\n" for number in range(40)}
    pull = reading.opened(files)
    facts = reading.facts(pull)
    given = reading.line.partly

    def tired(document: str, variables: Any) -> Any:
        if document.count("object(oid") > 20:
            raise Refusal("unavailable", "cut off after ten seconds")
        return given(document, variables)

    reading.line.partly = tired  # type: ignore[method-assign]  # a GitHub that manages little
    found = reading.reader.snapshot(facts, empty(), needs)
    assert len(found.blobs) == 40 + 4


@pytest.mark.slow
def test_files_beyond_the_three_thousand_that_github_lists_are_read(reading: Scene, tmp_path: Path) -> None:
    files: dict[str, Content] = {f"d{number % 60}/f{number}.md": f"{number}\n" for number in range(3_100)}
    pull = reading.opened({**files, "zz/last.tf": OPEN})
    found = reading.snapshot(pull)
    same(replace(found, patch=b""), local(reading.repo, pull.base_tip, pull.head_sha, tmp_path / "clone"))
    assert blocking(evaluate(found)) == [("ssh-port-open-to-world", "zz/last.tf", 8)]
    assert evaluate(found).coverage.files_seen == 3_101
    assert reading.calls().count(LISTED) == 30
