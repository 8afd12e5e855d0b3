"""What reading costs: four calls for a first review, two for a push that changes nothing, one for a head that was read before."""

from __future__ import annotations

from bot.github.reader import InstallationReader
from bot.standin.state.repository import File
from tests.github.reader.conftest import CHANGED, Scene, empty

LOOK = "POST /graphql"
COMPARE = "GET /repos/{owner}/{repo}/compare/{basehead}"
TREE = "GET /repos/{owner}/{repo}/git/trees/{tree_sha}"
CONTENTS = "POST /graphql"


def test_first_review_reads_in_four_calls(reading: Scene) -> None:
    pull = reading.opened(CHANGED)
    assert reading.verdict(pull).conclusion == "failure"
    assert reading.calls() == [LOOK, COMPARE, TREE, CONTENTS]


def test_push_that_changes_nothing_reads_in_two(reading: Scene) -> None:
    pull = reading.opened(CHANGED)
    reading.verdict(pull)
    reading.calls()
    pull.push({"notes.txt": "more\n"})
    assert reading.verdict(pull).conclusion == "failure"
    assert reading.calls() == [LOOK, COMPARE]


def test_a_document_that_may_speak_of_the_change_is_read_beside_it(reading: Scene) -> None:
    pull = reading.opened(CHANGED)
    reading.verdict(pull)
    reading.calls()
    pull.push({"README.md": "more\n"})
    assert reading.verdict(pull).conclusion == "failure"
    assert reading.calls() == [LOOK, COMPARE, CONTENTS]


def test_a_head_that_the_comparison_does_not_tell_whole_is_listed(reading: Scene) -> None:
    pull = reading.opened(CHANGED)
    reading.verdict(pull)
    reading.calls()
    pull.push({"run.sh": File(b"#!/bin/sh\n", 0o100755)})  # GitHub tells no modes
    assert reading.snapshot(pull).head.entries["run.sh"].mode == "100755"
    assert reading.calls() == [LOOK, COMPARE, TREE]


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
    reading.verdict(reading.opened({"other.tf": CHANGED["new.tf"]}, "same-content"))
    assert reading.calls() == [LOOK, COMPARE]
    reading.verdict(reading.opened({"other.tf": "a = 1\n"}, "new-content"))
    assert reading.calls() == [LOOK, COMPARE, CONTENTS]


def test_a_reader_without_a_cache_reads_all_again(reading: Scene) -> None:
    pull = reading.opened(CHANGED)
    reading.snapshot(pull)
    reading.calls()
    fresh = InstallationReader(reading.line)
    fresh.snapshot(reading.facts(pull), empty(), lambda _: ())
    assert reading.calls() == [LOOK, COMPARE, TREE, CONTENTS]
