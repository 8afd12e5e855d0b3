"""GitHub's lists may not show yet what was written a moment ago: nothing is written twice for that.

https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
"""

from __future__ import annotations

from bot.standin.state.pulls import PullRequest
from tests.standin.conftest import Scene
from tests.workflows.app import ENFORCE, WORLD, Application


def reviewed(scene: Scene, review: Application) -> PullRequest:
    scene.repo.commit(ENFORCE, by=scene.mona)
    review.deliver()
    pull = scene.repo.pull_request("open", files={"db.tf": WORLD}, by=scene.mona)
    review.deliver()
    assert (len(pull.seen().threads), len(pull.seen().comments)) == (1, 1)
    return pull


def hide(scene: Scene, pull: PullRequest, times: int) -> None:
    """What was written about the pull request is in none of the next so many lists."""
    scene.standin.faults.unlisted(min(run.id for run in scene.repo.checks.runs.values() if run.head_sha == pull.head_sha) - 1, times)


def test_a_check_run_that_is_not_listed_yet_is_not_made_again(scene: Scene, review: Application) -> None:
    pull = reviewed(scene, review)
    next(run for run in scene.repo.checks.runs.values() if run.head_sha == pull.head_sha).rerequest(scene.mona)
    hide(scene, pull, 10)
    review.deliver()
    assert review.check(pull)[:2] == ("completed", "failure")


def test_comments_that_are_not_listed_yet_are_not_written_again(scene: Scene, review: Application) -> None:
    pull = reviewed(scene, review)
    hide(scene, pull, 6)
    pull.push({"README.md": "words\n"}, by=scene.mona)
    review.deliver()
    assert review.check(pull)[:2] == ("completed", "failure")
    assert (len(pull.seen().threads), len(pull.seen().comments)) == (1, 1)


def test_what_somebody_deleted_is_waited_for_no_longer(scene: Scene, review: Application) -> None:
    pull = reviewed(scene, review)
    hide(scene, pull, 1000)
    pull.push({"README.md": "words\n"}, by=scene.mona)
    review.deliver()
    assert review.check(pull)[:2] == ("completed", "failure")
