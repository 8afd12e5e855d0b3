"""A change that would like to be judged by rules of its own: in its head, in a base that its author holds, under another pull request."""

from __future__ import annotations

import pytest

from tests.standin.conftest import Scene
from tests.workflows.app import ENFORCE, OFFICE, WORLD, Application

LENIENT = "version: 1\nlevel: observe\n"
WAIVER = "- rule: '*'\n  resource: '*'\n  path: '**'\n  reason: Trust me\n  owner: '@acme/attackers'\n  expires: 2099-01-01\n"
RULE = "id: database-open\ntitle: Never\nseverity: low\ndisposition: advice\n"
OWN = {
    ".github/countersign.yml": LENIENT,
    ".github/countersign.yaml": LENIENT,
    ".github/countersign-waivers.yml": WAIVER.replace("'*'\n  resource", "database-publicly-reachable\n  resource"),
    "countersign/config.yml": LENIENT,
    "countersign/rules/own.yaml": RULE,
    "rules/baseline/shared/own.yaml": RULE,
    ".countersign/config.yml": LENIENT,
    ".countersign": LENIENT,
}


@pytest.mark.parametrize("path", sorted(OWN))
def test_what_the_head_says_of_policy_decides_nothing(scene: Scene, review: Application, path: str) -> None:
    scene.repo.commit(ENFORCE, by=scene.mona)
    pull = scene.repo.pull_request("own", files={"db.tf": WORLD, path: OWN[path]}, by=scene.mona)
    review.deliver()
    assert review.check(pull)[1] == "failure"


def test_a_base_that_the_author_holds_gets_no_required_check(scene: Scene, review: Application) -> None:
    """Its configuration and waivers are not read, and its check has another name, so that it satisfies nothing."""
    scene.repo.commit(ENFORCE, by=scene.mona)
    scene.repo.commit({".github/countersign.yml": LENIENT, ".github/countersign-waivers.yml": WAIVER}, branch="mine", by=scene.mona)
    pull = scene.repo.pull_request("open", files={"db.tf": WORLD}, by=scene.mona, base="mine")
    review.deliver()
    assert [run.name for run in scene.standin.runs() if run.head_sha == pull.head_sha] == ["countersign (preview)"]
    assert review.check(pull, "countersign (preview)")[1] == "failure"


def test_a_success_against_another_base_does_not_hold_after_retargeting(scene: Scene, review: Application) -> None:
    """The change is already in the author's own branch, so that against it nothing is open; then the base is edited."""
    scene.repo.commit(ENFORCE, by=scene.mona)
    review.deliver()
    scene.repo.commit({"db.tf": WORLD}, branch="mine", by=scene.mona)
    scene.repo.create_branch("side", "mine")
    pull = scene.repo.pull_request("side", files={"notes.md": "x\n"}, by=scene.mona, base="mine")
    review.deliver()
    assert review.check(pull, "countersign (preview)")[1] == "success"
    pull.edit(base="main", by=scene.mona)
    review.deliver()
    assert review.check(pull)[1] == "failure"


def test_the_lenient_one_of_two_bases_does_not_satisfy_the_strict_one(scene: Scene, review: Application) -> None:
    """One head, two pull requests: against `release` nothing is new. Both are required, so the one check shows the worse."""
    scene.repo.commit(ENFORCE, by=scene.mona)
    scene.repo.protect("release")
    scene.repo.commit({"db.tf": WORLD}, branch="release", by=scene.mona)
    scene.repo.create_branch("both", "release")
    strict = scene.repo.pull_request("both", files={"notes.md": "x\n"}, by=scene.mona)
    review.deliver()
    lenient = scene.repo.pull_request("both", by=scene.mona, base="release")
    review.deliver()
    assert lenient.head_sha == strict.head_sha
    assert review.check(strict)[1] == "failure"
    lenient.edit(title="Another title", by=scene.mona)
    review.deliver()
    assert review.check(strict)[1] == "failure"
    strict.close(scene.mona)
    review.deliver()
    assert review.check(lenient)[1] == "success"


@pytest.mark.slow
def test_a_fork_of_a_stranger_decides_nothing_either(scene: Scene, review: Application) -> None:
    scene.repo.commit(ENFORCE, by=scene.mona)
    stranger = scene.standin.user("stranger")
    fork = scene.repo.fork(stranger)
    pull = scene.repo.pull_request("own", files={"db.tf": WORLD, ".github/countersign.yml": LENIENT}, by=stranger, head=fork)
    review.deliver()
    assert review.check(pull)[1] == "failure"
    pull.push({"db.tf": OFFICE}, by=stranger)
    review.deliver()
    assert review.check(pull)[1] != "failure"
