"""CONTRACT 12 and 2.4: conversation, labels, collaborators."""

from typing import Any

import pytest

from tests.standin.client import Client
from tests.standin.conftest import Scene

R = "/repos/acme/infra"


@pytest.mark.parametrize(("body", "status"), [("x", 201), ("x" * 65_536, 201), ("x" * 65_537, 422), ("", 422), (None, 422), (5, 422)])
def test_bodies(scene: Scene, body: Any, status: int) -> None:
    assert scene.client.send(f"POST {R}/issues/1/comments", {"body": body}).status_code == status


def test_a_comment_says_which_app_wrote_it_and_can_be_edited(scene: Scene) -> None:
    made = scene.client.send(f"POST {R}/issues/1/comments", {"body": "<!-- countersign -->hello"}).json()
    assert (made["user"]["login"], made["user"]["type"]) == ("countersign[bot]", "Bot")
    assert made["performed_via_github_app"]["id"] == scene.app.id
    assert scene.client.send(f"PATCH {R}/issues/comments/{made['id']}", {"body": "again"}).json()["body"] == "again"
    seen = scene.pull.seen().comments
    assert [(one.by, one.body, one.edited) for one in seen] == [("countersign[bot]", "again", 1)]
    assert scene.client.send(f"DELETE {R}/issues/comments/{made['id']}").status_code == 204
    assert scene.pull.seen().comments == ()


def test_a_stranger_cannot_edit_and_permission_is_needed(scene: Scene) -> None:
    comment = scene.pull.comment(scene.mona, "mine")
    with Client(scene.standin, scene.org.member("priya").token) as priya:
        assert priya.send(f"PATCH {R}/issues/comments/{comment.id}", {"body": "x"}).status_code == 404
    for name in ("issues", "pull_requests"):
        scene.installation.permissions.pop(name)
    assert scene.client.send(f"POST {R}/issues/1/comments", {"body": "x"}).status_code == 403


def test_labels_tell(scene: Scene) -> None:
    assert [one["name"] for one in scene.client.send(f"POST {R}/issues/1/labels", {"labels": ["override"]}).json()] == ["override"]
    assert scene.client.send(f"DELETE {R}/issues/1/labels/override").json() == []
    assert scene.client.send(f"DELETE {R}/issues/1/labels/override").status_code == 404
    assert [one.action for one in scene.standin.outbox.recorded if one.event == "pull_request"] == ["opened", "labeled", "unlabeled"]


def test_issues(scene: Scene) -> None:
    made = scene.client.send(f"POST {R}/issues", {"title": "Drift", "body": "b", "labels": ["drift"]}).json()
    assert made["number"] == 2
    assert scene.client.send(f"PATCH {R}/issues/2", {"state": "closed"}).json()["state"] == "closed"
    assert [one["number"] for one in scene.client.send(f"GET {R}/issues", state="all", labels="drift").json()] == [2]
    assert [one["number"] for one in scene.client.send(f"GET {R}/issues").json()] == [1]


@pytest.mark.parametrize(
    ("role", "permission"),
    [("admin", "admin"), ("maintain", "write"), ("write", "write"), ("triage", "read"), ("read", "read"), ("none", "none")],
)
def test_permission_folds_roles(scene: Scene, role: Any, permission: str) -> None:
    scene.org.base = "none"
    scene.repo.collaborator(scene.standin.user("ada"), role)
    shown = scene.client.send(f"GET {R}/collaborators/ada/permission").json()
    assert (shown["permission"], shown["role_name"]) == (permission, role)


def test_a_member_may_be_read_only(scene: Scene) -> None:
    scene.org.member("reader")
    shown = scene.client.send(f"GET {R}/collaborators/reader/permission").json()
    assert shown["permission"] == "read"
    comment = scene.pull.comment(scene.standin.user("reader"), "x")
    listed = scene.client.send(f"GET {R}/issues/1/comments").json()
    assert [(one["id"], one["author_association"]) for one in listed] == [(comment.id, "MEMBER")]


def test_teams(scene: Scene) -> None:
    scene.org.team("data-owners", [scene.org.member("priya")]).allow(scene.repo, "maintain")
    assert [one["login"] for one in scene.client.send("GET /orgs/acme/teams/data-owners/members").json()] == ["priya"]
    assert scene.client.send("GET /orgs/acme/teams/data-owners/memberships/priya").json()["state"] == "active"
    assert scene.client.send("GET /orgs/acme/teams/data-owners/memberships/mona").status_code == 404
    assert scene.client.send("GET /orgs/acme/members/priya").status_code == 204
    assert scene.client.send(f"GET {R}/collaborators/priya/permission").json()["role_name"] == "maintain"
    scene.installation.permissions.pop("members")
    assert scene.client.send("GET /orgs/acme/teams/data-owners/members").status_code == 403


def test_codeowners_errors(scene: Scene) -> None:
    scene.org.team("data-owners", [scene.org.member("priya")]).allow(scene.repo)
    text = "* @mona\n/db/ @acme/data-owners\n!x @mona\n*.tf @ghost @acme/nobody\ndocs/*\n"
    assert scene.client.send(f"GET {R}/codeowners/errors").status_code == 404
    scene.repo.commit({".github/CODEOWNERS": text})
    errors = scene.client.send(f"GET {R}/codeowners/errors").json()["errors"]
    assert [(error["line"], error["kind"]) for error in errors] == [(3, "Invalid pattern"), (4, "Unknown owner"), (4, "Unknown owner")]


def test_code_owner_review_blocks_until_an_owner_approves(scene: Scene) -> None:
    priya = scene.org.member("priya")
    scene.org.team("data-owners", [priya]).allow(scene.repo)
    scene.repo.commit({"CODEOWNERS": "*.tf @acme/data-owners\nnew.tf\n"})
    scene.repo.protect("main", code_owners=True)
    assert scene.pull.seen().box.blockers == ("Review required from @acme/data-owners",)
    scene.pull.review(priya)
    assert scene.pull.seen().box.mergeable
