"""CONTRACT 7 and 8: what lets a merge through, and the merge queue."""

from typing import Any

import pytest

from bot.standin.state.merging import Blocked
from tests.standin.client import Client, token_for
from tests.standin.conftest import LINES, Scene


def _report(scene: Scene, app: Any = None, **fields: Any) -> None:
    scene.repo.checks.create(app or scene.app, {"name": "countersign", "head_sha": scene.pull.head_sha, **fields})


@pytest.mark.parametrize(
    ("conclusion", "mergeable"),
    [
        ("success", True),
        ("neutral", True),
        ("skipped", True),
        ("failure", False),
        ("cancelled", False),
        ("timed_out", False),
        ("action_required", False),
        (None, False),
    ],
)
def test_which_conclusions_satisfy(scene: Scene, conclusion: str | None, mergeable: bool) -> None:  # noqa: FBT001
    scene.repo.protect("main", [("countersign", scene.app.id)])
    _report(scene, conclusion=conclusion)
    assert scene.pull.seen().box.mergeable == mergeable


def test_an_absent_check_is_expected_for_ever(scene: Scene) -> None:
    scene.repo.protect("main", [("countersign", scene.app.id)])
    assert scene.pull.seen().box.blockers == ("countersign: Expected — Waiting for status to be reported",)
    with pytest.raises(Blocked):
        scene.pull.merge(scene.mona)


def test_only_the_latest_head_and_the_latest_run_count(scene: Scene) -> None:
    scene.repo.protect("main", [("countersign", scene.app.id)])
    _report(scene, conclusion="success")
    _report(scene, conclusion="failure")
    assert scene.pull.seen().box.blockers == ("countersign: failure",)
    _report(scene, conclusion="success")
    assert scene.pull.seen().box.mergeable
    scene.pull.push({"new.tf": "three\n"})
    assert not scene.pull.seen().box.mergeable


def test_a_pinned_check_of_another_app_does_not_count(scene: Scene) -> None:
    other = scene.standin.app("other", permissions={"checks": "write"})
    other.install(scene.org)
    scene.repo.protect("main", [("countersign", scene.app.id)])
    _report(scene, other, conclusion="success")
    assert scene.pull.seen().box.blockers == ("countersign: was not set by the expected GitHub App",)
    scene.repo.protect("main", [("countersign", -1)])
    assert scene.pull.seen().box.mergeable


def test_an_unpinned_check_can_be_faked_by_a_status(scene: Scene) -> None:
    scene.repo.protect("main", [("countersign", -1)])
    with Client(scene.standin, scene.mona.token) as mona:
        made = mona.send(f"POST /repos/acme/infra/statuses/{scene.pull.head_sha}", {"state": "success", "context": "countersign"})
    assert made.status_code == 201
    assert scene.pull.seen().box.mergeable
    scene.repo.protect("main", [("countersign", scene.app.id)])
    assert not scene.pull.seen().box.mergeable


def test_a_check_and_a_status_of_one_name_are_both_required(scene: Scene) -> None:
    scene.repo.protect("main", [("countersign", scene.app.id)])
    _report(scene, conclusion="success")
    url = f"POST /repos/acme/infra/statuses/{scene.pull.head_sha}"
    scene.client.send(url, {"state": "pending", "context": "countersign"})
    assert scene.pull.seen().box.blockers == ("countersign: pending",)


def test_a_check_can_be_chosen_for_seven_days(scene: Scene) -> None:
    assert scene.repo.checks.selectable() == set()
    _report(scene, conclusion="success")
    assert scene.repo.checks.selectable() == {("countersign", scene.app.id)}
    scene.standin.clock.advance(7 * 86400 + 1)
    assert scene.repo.checks.selectable() == set()


def test_strict_conversation_and_draft(scene: Scene) -> None:
    scene.repo.protect("main", strict=True, conversation_resolution=True)
    thread = scene.pull.comment_on(scene.mona, "main.tf", 5, "hm")
    scene.repo.commit({"later.tf": "x\n"})
    scene.pull.to_draft()
    assert [text.split(" ")[0] for text in scene.pull.seen().box.blockers] == ["draft", "This", "A"]
    scene.pull.ready()
    thread.resolve(scene.mona)
    assert scene.client.send("PUT /repos/acme/infra/pulls/1/update-branch").status_code == 202
    assert scene.pull.seen().box.mergeable


def test_administrators_can_bypass_unless_the_rule_includes_them(scene: Scene) -> None:
    owner = scene.org.member("root", owner=True)
    scene.repo.protect("main", [("countersign", scene.app.id)], enforce_admins=True)
    with pytest.raises(Blocked):
        scene.pull.merge(owner, "bypass")
    scene.repo.protect("main", [("countersign", scene.app.id)])
    with pytest.raises(Blocked):
        scene.pull.merge(scene.mona, "bypass")
    scene.pull.merge(owner, "bypass")
    assert scene.pull.seen().state == "merged"


def test_rulesets(scene: Scene) -> None:
    scene.repo.ruleset("release", [("countersign", scene.app.id)])
    scene.repo.ruleset("trial", [("trial", -1)], enforcement="evaluate")
    assert scene.pull.seen().box.blockers == ("countersign: Expected — Waiting for status to be reported",)
    shown = scene.client.send("GET /repos/acme/infra/rules/branches/main").json()
    assert [rule["parameters"]["required_status_checks"] for rule in shown] == [
        [{"context": "countersign", "integration_id": scene.app.id}]
    ]
    assert scene.client.send("GET /repos/acme/infra/rules/branches/other").json() == []
    listed = scene.client.send("GET /repos/acme/infra/rulesets").json()
    assert [one["enforcement"] for one in listed] == ["active", "evaluate"]


def test_protection_is_read_and_written_with_administration(scene: Scene) -> None:
    inst = scene.standin.app("admin", permissions={"administration": "write"}).install(scene.org)
    url = "/repos/acme/infra/branches/main/protection"
    wanted = {
        "required_status_checks": {"strict": True, "checks": [{"context": "countersign", "app_id": scene.app.id}], "contexts": []},
        "enforce_admins": True,
        "required_pull_request_reviews": None,
        "restrictions": None,
    }
    with Client(scene.standin, token_for(inst)) as client:
        assert client.send(f"GET {url}").status_code == 404
        assert client.send(f"PUT {url}", wanted).status_code == 200
        assert client.send(f"PUT {url}", {"enforce_admins": True}).status_code == 422
        checks = client.send(f"GET {url}/required_status_checks").json()
    assert (checks["strict"], checks["checks"]) == (True, [{"context": "countersign", "app_id": scene.app.id}])
    assert scene.client.send(f"GET {url}").status_code == 403


def test_a_merge_group_is_checked_on_its_own_head(scene: Scene) -> None:
    scene.repo.ruleset("queue", [("countersign", scene.app.id)], merge_queue=True)
    other = scene.repo.pull_request("other", files={"main.tf": LINES.replace("line 30\n", "line thirty\n")}, by=scene.mona)
    for pull in (scene.pull, other):
        scene.repo.checks.create(scene.app, {"name": "countersign", "head_sha": pull.head_sha, "conclusion": "success"})
    with pytest.raises(Blocked, match="merge queue"):
        scene.pull.merge(scene.mona)
    group = scene.repo.merge_group([scene.pull, other], scene.mona)
    assert group.head_ref == f"refs/heads/gh-readonly-queue/main/pr-2-{group.base_sha}"
    assert group.settle() is None
    compared = scene.client.send(f"GET /repos/acme/infra/compare/{group.base_sha}...{group.head_sha}").json()
    assert [file["filename"] for file in compared["files"]] == ["main.tf", "new.tf"]
    scene.repo.checks.create(scene.app, {"name": "countersign", "head_sha": group.head_sha, "conclusion": "success"})
    assert group.settle() == "merged"
    assert {scene.pull.seen().state, other.seen().state} == {"merged"}
    assert scene.repo.branch("main") == group.head_sha
    sent = [(one.event, one.action) for one in scene.standin.outbox.recorded if one.event == "merge_group"]
    assert sent == [("merge_group", "checks_requested"), ("merge_group", "destroyed")]


@pytest.mark.parametrize(("conclusion", "timed_out", "reason"), [("failure", False, "invalidated"), (None, True, "invalidated")])
def test_a_failed_or_silent_group_is_ejected(scene: Scene, conclusion: str | None, timed_out: bool, reason: str) -> None:  # noqa: FBT001
    scene.repo.ruleset("queue", [("countersign", scene.app.id)], merge_queue=True)
    group = scene.repo.merge_group([scene.pull], scene.mona)
    scene.repo.checks.create(scene.app, {"name": "countersign", "head_sha": group.head_sha, "conclusion": conclusion})
    assert group.settle(timed_out=timed_out) == reason
    assert scene.pull.seen().state == "open"
    assert group.head_ref not in scene.repo.refs


def test_merge_group_events_need_the_permission(scene: Scene) -> None:
    scene.installation.permissions.pop("merge_queues")
    scene.repo.ruleset("queue", [("countersign", scene.app.id)], merge_queue=True)
    scene.repo.merge_group([scene.pull], scene.mona)
    assert [one for one in scene.standin.outbox.recorded if one.event == "merge_group"] == []
