"""What reading costs: with the five calls of publishing, a first review has eight, a push that changes nothing six."""

from __future__ import annotations

from bot.github.reader import InstallationReader
from tests.github.reader.conftest import CHANGED, Scene, empty

LOOK = "POST /graphql"
COMPARE = "GET /repos/{owner}/{repo}/compare/{basehead}"
TREE = "GET /repos/{owner}/{repo}/git/trees/{tree_sha}"
CONTENTS = "POST /graphql"


def test_first_review_reads_in_four_calls(reading: Scene) -> None:
    pull = reading.opened(CHANGED)
    assert reading.verdict(pull).conclusion == "failure"
    assert reading.calls() == [LOOK, COMPARE, TREE, CONTENTS]


def test_push_that_changes_nothing_reads_in_three(reading: Scene) -> None:
    pull = reading.opened(CHANGED)
    reading.verdict(pull)
    reading.calls()
    pull.push({"README.md": "more\n"})
    assert reading.verdict(pull).conclusion == "failure"
    assert reading.calls() == [LOOK, COMPARE, TREE]


def test_empty_commit_needs_no_listing(reading: Scene) -> None:
    pull = reading.opened(CHANGED)
    reading.verdict(pull)
    reading.calls()
    pull.push({})
    reading.verdict(pull)
    assert reading.calls() == [LOOK, COMPARE]


def test_same_head_again_is_read_by_looking(reading: Scene) -> None:
    pull = reading.opened(CHANGED)
    first = reading.snapshot(pull)
    reading.calls()
    assert reading.snapshot(pull) == first
    assert reading.calls() == [LOOK]


def test_merge_base_is_known_once_it_was_read(reading: Scene) -> None:
    pull = reading.opened(CHANGED)
    assert reading.facts(pull).merge_base == ""
    reading.snapshot(pull)
    assert reading.facts(pull).merge_base == pull.merge_base


def test_files_that_are_only_added_need_nothing_of_the_base(reading: Scene) -> None:
    pull = reading.opened({"new.tf": CHANGED["new.tf"]})
    reading.verdict(pull)
    assert reading.calls() == [LOOK, COMPARE, TREE, CONTENTS]


def test_another_pull_request_reads_what_is_new(reading: Scene) -> None:
    reading.verdict(reading.opened(CHANGED))
    reading.calls()
    reading.verdict(reading.opened({"other.tf": CHANGED["new.tf"]}, "other"))
    assert reading.calls() == [LOOK, COMPARE, TREE]  # new.tf has the same content


def test_a_reader_without_a_cache_reads_all_again(reading: Scene) -> None:
    pull = reading.opened(CHANGED)
    reading.snapshot(pull)
    reading.calls()
    fresh = InstallationReader(reading.line)
    fresh.snapshot(reading.facts(pull), empty(), lambda _: ())
    assert reading.calls() == [LOOK, COMPARE, TREE, CONTENTS]
