"""The calls of whole reviews, reader and publisher together, in the order of the workflow."""

from __future__ import annotations

from bot.engine.evaluation import evaluate, needs
from bot.github.protocols import Standing
from bot.github.publisher import AppPublisher
from bot.report.comments import Held
from bot.report.publish import Context, notes, publication
from bot.standin.state.pulls import PullRequest
from tests.github.reader.conftest import CHANGED, Scene, empty
from tests.report.words import words

RUNS = "GET /repos/{owner}/{repo}/commits/{ref}/check-runs"
BEGIN = "POST /repos/{owner}/{repo}/check-runs"
FINISH = "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}"
REVIEW = "POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews"
SUMMARY = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments"
COMPARE = "GET /repos/{owner}/{repo}/compare/{basehead}"
TREE = "GET /repos/{owner}/{repo}/git/trees/{tree_sha}"
GRAPHQL = "POST /graphql"


def review(reading: Scene, pull: PullRequest) -> list[str]:
    """The first attempt at a review of the head as it is; its calls.

    Whoever keeps a ledger knows that the head is new and looks for no run of it: that call is left out.
    """
    reading.calls()
    publisher = AppPublisher(reading.line, reading.installation.app.id, notes(words()))
    run = publisher.begin(reading.ref, pull.head_sha, "countersign", pull.head_sha)
    look = reading.look(pull)
    snapshot = reading.reader.snapshot(look.pull, empty(), needs)
    bare = Standing(look.pull.head_sha, look.pull.base_ref, look.pull.state)
    standing = bare if look.uncommented else publisher.standing(look.pull)
    held = tuple(Held(item.key, item.body, item.path) for item in standing.comments)
    files = frozenset(snapshot.head.entries)
    context = Context(head=look.pull.head_sha, base="main", held=held, summarised=standing.summary is not None, files=files)
    publisher.publish(look.pull, publication(evaluate(snapshot), context, words()), run, standing)
    return [call for call in reading.calls() if call != RUNS]


def test_a_first_review_with_comments_takes_eight_calls(reading: Scene) -> None:
    pull = reading.opened(CHANGED)
    assert review(reading, pull) == [BEGIN, GRAPHQL, COMPARE, TREE, GRAPHQL, REVIEW, SUMMARY, FINISH]
    seen = pull.seen()
    assert [(run.name, run.conclusion) for run in seen.checks] == [("countersign", "failure")]
    assert [(thread.path, thread.line) for thread in seen.threads] == [("main.tf", 20), ("vars.tf", 2), ("new.tf", 8)]
    assert len(seen.comments) == 1


def test_a_push_that_changes_nothing_takes_five(reading: Scene) -> None:
    pull = reading.opened(CHANGED)
    review(reading, pull)
    before = [len(pull.seen().threads), len(pull.seen().comments)]
    pull.push({"notes.txt": "more\n"})
    assert review(reading, pull) == [BEGIN, GRAPHQL, COMPARE, GRAPHQL, FINISH]
    assert [len(pull.seen().threads), len(pull.seen().comments)] == before


def test_a_change_without_infrastructure_takes_six_and_then_four(reading: Scene) -> None:
    pull = reading.opened({"README.md": "more\n"})
    assert review(reading, pull) == [BEGIN, GRAPHQL, COMPARE, TREE, GRAPHQL, FINISH]  # a root may read any file
    pull.push({"README.md": "still more\n"})
    assert review(reading, pull) == [BEGIN, GRAPHQL, COMPARE, FINISH]


def test_a_page_on_which_somebody_has_spoken_is_read(reading: Scene) -> None:
    pull = reading.opened(CHANGED)
    assert reading.look(pull).uncommented
    pull.comment(reading.mona, "hello")
    assert not reading.look(pull).uncommented
    other = reading.opened(CHANGED, "other")
    other.comment_on(reading.mona, "new.tf", 1, "why?")
    assert not reading.look(other).uncommented
