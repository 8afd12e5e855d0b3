"""Plans that a run uploads: what they add, what they settle, and when they do neither."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from bot.github.workload import Run
from bot.standin.state.pulls import PullRequest
from bot.workflows.uploads import NotTaken, Uploads
from tests.standin.conftest import Scene
from tests.workflows.app import Application

LISTED = "acme/ci/.github/workflows/plan.yml@refs/heads/main"
CONFIGURATION = f'version: 1\nlevel: enforce\nplans:\n  workflows: ["{LISTED}"]\n'
SOURCE = """
data "http" "office" {
  url = "https://office.example"
}
resource "aws_security_group_rule" "db" {
  type              = "ingress"
  from_port         = 5432
  to_port           = 5432
  protocol          = "tcp"
  security_group_id = "sg-1"
  cidr_blocks       = [data.http.office.response_body]
  description       = "the office"
}
"""
UNKNOWN = ("completed", "action_required")


def plan(cidr: str, **more: Any) -> bytes:
    ports = {"from_port": 5432, "to_port": 5432, "protocol": "tcp"}
    rule = {"type": "ingress", "security_group_id": "sg-1", "cidr_blocks": [cidr], "description": "the office", **ports, **more}
    change = {"actions": ["create"], "before": None, "after": rule}
    planned = {"address": "aws_security_group_rule.db", "type": "aws_security_group_rule", "name": "db", "change": change}
    return json.dumps({"format_version": "1.2", "planned_values": {}, "resource_changes": [planned]}).encode()


@pytest.fixture
def pull(scene: Scene, review: Application) -> PullRequest:
    """It leaves open who may reach the database; the workflow's repository is there, its branch protected."""
    scene.org.repository("ci", files={".github/workflows/plan.yml": "on: workflow_call\n"}).protect()
    scene.repo.commit({".github/countersign.yml": CONFIGURATION}, by=scene.mona)
    found = scene.repo.pull_request("office", files={"net.tf": SOURCE}, by=scene.mona)
    review.deliver()
    assert review.check(found)[:2] == UNKNOWN
    return found


def upload(scene: Scene, review: Application, pull: PullRequest, data: bytes, root: str = "", **said: Any) -> None:
    base = scene.repo.branch("main") or ""
    merge = scene.repo.write_commit((base, pull.head_sha), {}, "Merge", scene.mona.person())
    run = Run(scene.repo.id, "acme/infra", f"refs/pull/{pull.number}/merge", merge, "pull_request", LISTED, "99")
    Uploads(review.parts, lambda _guid: None).take(replace(run, **said), root, data)
    review.perform()


def test_a_listed_workflow_settles_what_the_code_leaves_open(scene: Scene, review: Application, pull: PullRequest) -> None:
    upload(scene, review, pull, plan("10.0.0.0/8"))
    assert review.check(pull)[:2] == ("completed", "success")


def test_a_plan_shows_a_violation_at_the_line_of_the_code(scene: Scene, review: Application, pull: PullRequest) -> None:
    upload(scene, review, pull, plan("0.0.0.0/0"))
    assert review.check(pull)[:2] == ("completed", "failure")
    (run,) = [run for run in scene.standin.runs() if run.head_sha == pull.head_sha]
    assert "net.tf:11" in f"{run.summary}"


@pytest.mark.parametrize(
    "workflow",
    [
        "acme/infra/.github/workflows/plan.yml@refs/pull/2/merge",
        LISTED.replace("main", "draft"),
    ],
)
def test_any_other_workflow_adds_and_settles_nothing(scene: Scene, review: Application, pull: PullRequest, workflow: str) -> None:
    upload(scene, review, pull, plan("10.0.0.0/8"), workflow=workflow)
    assert review.check(pull)[:2] == UNKNOWN
    upload(scene, review, pull, plan("0.0.0.0/0"), workflow=workflow)
    assert review.check(pull)[:2] == ("completed", "failure")


def test_a_listed_workflow_on_a_branch_without_protection_settles_nothing(scene: Scene, review: Application, pull: PullRequest) -> None:
    (central,) = [found for found in scene.standin.repositories.values() if found.name == "ci"]
    central.protections.clear()
    upload(scene, review, pull, plan("10.0.0.0/8"))
    assert review.check(pull)[:2] == UNKNOWN


def test_a_plan_that_contradicts_the_code_settles_nothing(scene: Scene, review: Application, pull: PullRequest) -> None:
    upload(scene, review, pull, plan("10.0.0.0/8", from_port=443, to_port=443))
    assert review.check(pull)[:2] == UNKNOWN


def test_a_plan_of_an_older_head_is_not_used_and_that_is_said(scene: Scene, review: Application, pull: PullRequest) -> None:
    upload(scene, review, pull, plan("10.0.0.0/8"))
    scene.repo.commit({"readme.md": "more\n"}, by=scene.mona, branch="office")
    review.deliver()
    assert review.check(pull)[:2] == UNKNOWN
    (run,) = [run for run in scene.standin.runs() if run.head_sha == pull.head_sha]
    assert "is not used" in f"{run.summary}{run.text}"


def test_a_newer_plan_takes_the_place_of_an_older_one(scene: Scene, review: Application, pull: PullRequest) -> None:
    upload(scene, review, pull, plan("0.0.0.0/0"))
    upload(scene, review, pull, plan("10.0.0.0/8"), number="100")
    assert review.check(pull)[:2] == ("completed", "success")


def test_what_the_plan_hides_is_not_stored(scene: Scene, review: Application, pull: PullRequest) -> None:
    hidden = json.loads(plan("10.0.0.0/8"))
    hidden["resource_changes"][0]["change"] |= {"after_sensitive": {"description": True}}
    hidden["resource_changes"][0]["change"]["after"]["description"] = "hunter2-hunter2"
    upload(scene, review, pull, json.dumps(hidden).encode())
    (stored,) = review.parts.ledger.plans.of(scene.repo.id, pull.number)
    assert b"hunter2" not in stored.plan


REFUSED: dict[str, tuple[str, dict[str, Any], str, bytes]] = {
    "a branch": ("not-a-pull", {"ref": "refs/heads/main"}, "", plan("10.0.0.0/8")),
    "another repository": ("not-ours", {"repository_id": 1}, "", plan("10.0.0.0/8")),
    "a way up": ("not-a-root", {}, "../etc", plan("10.0.0.0/8")),
    "a way from the top": ("not-a-root", {}, "/abs", plan("10.0.0.0/8")),
    "an object": ("not-a-plan", {}, "", b"{}"),
    "bytes": ("not-a-plan", {}, "", b"\x00"),
    "nothing": ("not-a-plan", {}, "", b""),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_taken(scene: Scene, review: Application, name: str) -> None:
    key, said, root, data = REFUSED[name]
    review.deliver()
    with pytest.raises(NotTaken) as told:
        upload(scene, review, scene.pull, data, root, **said)
    assert told.value.key == key
    assert review.parts.ledger.plans.of(scene.repo.id, scene.pull.number) == ()
