"""CONTRACT 11: reviews, review comments, threads."""

from typing import Any

import pytest

from tests.standin.client import Client, token_for
from tests.standin.conftest import LINES, Scene

REVIEWS = "/repos/acme/infra/pulls/1/reviews"
COMMENTS = "/repos/acme/infra/pulls/1/comments"
PART = "Pull request review thread line must be part of the diff"
START = "Pull request review thread start line must be part of the diff"
SAME = "Pull request review thread start line must be part of the same hunk as the line"
PRECEDE = "Pull request review thread start line must precede the end line"


def _two_hunks(scene: Scene) -> None:
    scene.pull.push({"main.tf": LINES.replace("line 5\n", "line five\n").replace("line 30\n", "line thirty\n")})


def _review(scene: Scene, *comments: dict[str, Any], **fields: Any) -> Any:
    body = {"event": "COMMENT", "body": "b", "comments": [{"path": "main.tf", "body": "x", **comment} for comment in comments]}
    return scene.client.send(f"POST {REVIEWS}", body | fields)


@pytest.mark.parametrize(
    ("comment", "error"),
    [
        ({"line": 5, "side": "RIGHT"}, None),
        ({"line": 5, "side": "LEFT"}, None),
        ({"line": 5}, None),
        ({"line": 2}, None),
        ({"line": 8}, None),
        ({"line": 9}, PART),
        ({"line": 1}, PART),
        ({"line": 40}, PART),
        ({"line": 4000}, PART),
        ({"line": 5, "start_line": 3}, None),
        ({"line": 5, "start_line": 3, "start_side": "LEFT"}, None),
        ({"line": 5, "start_line": 5}, PRECEDE),
        ({"line": 4, "start_line": 6}, PRECEDE),
        ({"line": 30, "start_line": 5}, SAME),
        ({"line": 5, "start_line": 1}, START),
        ({"path": "other.tf", "line": 1}, "Path could not be resolved"),
        ({"path": "docs/guide.md", "line": 1}, "Path could not be resolved"),
        ({"position": 4}, None),
        ({"position": 99}, "Position could not be resolved"),
    ],
)
def test_where_a_comment_can_stand(scene: Scene, comment: dict[str, Any], error: str | None) -> None:
    _two_hunks(scene)
    made = _review(scene, comment)
    assert made.status_code == (422 if error else 200), made.text
    assert made.json().get("errors") == ([error] if error else None)
    assert len(scene.pull.seen().threads) == (0 if error else 1)


def test_one_line_outside_the_hunks_kills_the_whole_review(scene: Scene) -> None:
    refused = _review(scene, {"line": 5}, {"path": "new.tf", "line": 1}, {"line": 20})
    assert (refused.status_code, refused.json()["errors"]) == (422, [PART])
    assert scene.pull.seen().threads == ()
    assert scene.pull.reviews == []


@pytest.mark.parametrize(
    ("fields", "status", "state"),
    [
        ({"event": "COMMENT", "body": "b"}, 200, "COMMENTED"),
        ({"event": "APPROVE"}, 200, "APPROVED"),
        ({"event": "REQUEST_CHANGES", "body": "b"}, 200, "CHANGES_REQUESTED"),
        ({"event": "REQUEST_CHANGES"}, 422, None),
        ({"event": "COMMENT"}, 422, None),
        ({"event": "NOPE", "body": "b"}, 422, None),
        ({"event": "COMMENT", "body": "x" * 65_537}, 422, None),
        ({"event": "COMMENT", "body": "b", "commit_id": "0" * 40}, 422, None),
        ({}, 200, "PENDING"),
    ],
)
def test_events_and_bodies(scene: Scene, fields: dict[str, Any], status: int, state: str | None) -> None:
    made = scene.client.send(f"POST {REVIEWS}", fields)
    assert made.status_code == status, made.text
    assert made.json().get("state") == state


def test_a_pending_review_is_invisible_and_blocks_the_next_one(scene: Scene) -> None:
    thread = scene.pull.comment_on(scene.mona, "main.tf", 5, "hm")
    made = scene.client.send(f"POST {REVIEWS}", {"comments": [{"path": "main.tf", "line": 5, "body": "draft"}]})
    assert made.json()["state"] == "PENDING"
    assert len(scene.pull.seen().threads) == 1
    with Client(scene.standin, scene.mona.token) as person:
        assert len(person.send(f"GET {REVIEWS}").json()) == 1
    again = _review(scene, {"line": 5})
    assert again.json()["errors"] == ["User can only have one pending review per pull request"]
    reply = scene.client.send(f"POST {COMMENTS}/{thread.comments[0].id}/replies", {"body": "r"})
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["message"] == "User can only have one pending review per pull request"
    assert scene.client.send(f"DELETE {REVIEWS}/{made.json()['id']}").status_code == 200
    assert _review(scene, {"line": 5}).status_code == 200


def test_submitting_a_pending_review_shows_it(scene: Scene) -> None:
    made = scene.client.send(f"POST {REVIEWS}", {"comments": [{"path": "main.tf", "line": 5, "body": "draft"}]}).json()
    done = scene.client.send(f"POST {REVIEWS}/{made['id']}/events", {"event": "COMMENT", "body": "b"})
    assert done.json()["state"] == "COMMENTED"
    assert scene.pull.seen().threads[0].comments[0].body == "draft"
    assert scene.client.send(f"DELETE {REVIEWS}/{made['id']}").status_code == 422


@pytest.mark.parametrize(
    ("event", "error"),
    [
        ("APPROVE", "Can not approve your own pull request"),
        ("REQUEST_CHANGES", "Can not request changes on your own pull request"),
    ],
)
def test_nobody_judges_their_own_pull_request(scene: Scene, event: str, error: str) -> None:
    own = scene.repo.pull_request("bot", files={"x": "y"}, by=scene.app.bot)
    refused = scene.client.send(f"POST /repos/acme/infra/pulls/{own.number}/reviews", {"event": event, "body": "b"})
    assert (refused.status_code, refused.json()["errors"]) == (422, [error])
    commented = scene.client.send(f"POST /repos/acme/infra/pulls/{own.number}/reviews", {"event": "COMMENT", "body": "b"})
    assert commented.status_code == 200


def test_more_than_32_comments_are_too_many_for_one_review(scene: Scene) -> None:
    assert _review(scene, *[{"line": 5}] * 32).status_code == 200
    assert _review(scene, *[{"line": 5}] * 33).json()["errors"] == ["was submitted too quickly"]


def test_replies_go_to_top_level_comments_only(scene: Scene) -> None:
    _review(scene, {"line": 5})
    top = scene.pull.review_comments[0]
    reply = scene.client.send(f"POST {COMMENTS}/{top.id}/replies", {"body": "r"}).json()
    assert reply["in_reply_to_id"] == top.id
    assert scene.client.send(f"POST {COMMENTS}/{reply['id']}/replies", {"body": "r"}).status_code == 422
    other = {"body": "r", "commit_id": scene.pull.head_sha, "path": "main.tf", "in_reply_to": top.id}
    assert scene.client.send(f"POST {COMMENTS}", other).json()["in_reply_to_id"] == top.id
    assert [comment.by for comment in scene.pull.seen().threads[0].comments] == ["countersign[bot]"] * 3


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"line": 5, "side": "RIGHT"}, None),
        ({"subject_type": "file"}, None),
        ({"line": 20, "side": "RIGHT"}, "pull_request_review_thread.line"),
        ({"line": 5, "start_line": 6, "side": "RIGHT"}, "pull_request_review_thread.start_line"),
        ({}, "pull_request_review_thread.line"),
        ({"line": 1, "path": "docs/guide.md"}, "pull_request_review_thread.path"),
    ],
)
def test_single_comments(scene: Scene, fields: dict[str, Any], field: str | None) -> None:
    body = {"body": "x", "commit_id": scene.pull.head_sha, "path": "main.tf", **fields}
    made = scene.client.send(f"POST {COMMENTS}", body)
    assert made.status_code == (422 if field else 201), made.text
    assert [error["field"] for error in made.json().get("errors", [])] == ([field] if field else [])


def test_a_file_comment_belongs_to_the_file(scene: Scene) -> None:
    body = {"body": "x", "commit_id": scene.pull.head_sha, "path": "main.tf", "subject_type": "file"}
    made = scene.client.send(f"POST {COMMENTS}", body).json()
    assert (made["subject_type"], made["line"]) == ("file", None)
    assert scene.pull.seen().threads[0].whole_file


def test_a_push_moves_comments_or_leaves_them_outdated(scene: Scene) -> None:
    _review(scene, {"line": 5}, {"line": 7})
    scene.pull.push({"main.tf": "line 0\n" + LINES.replace("line 5\n", "line 5 again\n")})
    first, second = scene.client.send(f"GET {COMMENTS}").json()
    assert (first["line"], first["position"], first["original_line"]) == (None, None, 5)
    assert (second["line"], second["original_line"], second["commit_id"]) == (8, 7, scene.pull.head_sha)
    assert [thread.outdated for thread in scene.pull.seen().threads] == [True, False]


def test_a_comment_on_an_older_commit_is_placed_by_that_commit(scene: Scene) -> None:
    old = scene.pull.head_sha
    scene.pull.push({"main.tf": LINES.replace("line 30\n", "line thirty\n")})
    assert _review(scene, {"line": 5}, commit_id=old).status_code == 200
    assert scene.pull.seen().threads[0].outdated
    assert _review(scene, {"line": 5}).status_code == 422


def test_left_side_comments_are_on_the_base(scene: Scene) -> None:
    assert _review(scene, {"line": 5, "side": "LEFT"}).status_code == 200
    comment = scene.client.send(f"GET {COMMENTS}").json()[0]
    assert (comment["side"], comment["line"]) == ("LEFT", 5)
    assert comment["diff_hunk"].endswith("-line 5")


def test_edit_delete_and_react(scene: Scene) -> None:
    _review(scene, {"line": 5})
    number = scene.pull.review_comments[0].id
    url = f"/repos/acme/infra/pulls/comments/{number}"
    assert scene.client.send(f"PATCH {url}", {"body": "edited"}).json()["body"] == "edited"
    assert scene.client.send(f"PATCH {url}", {"body": " "}).status_code == 422
    assert scene.client.send(f"POST {url}/reactions", {"content": "eyes"}).status_code == 201
    assert scene.client.send(f"POST {url}/reactions", {"content": "eyes"}).status_code == 200
    assert scene.client.send(f"POST {url}/reactions", {"content": "shrug"}).status_code == 422
    assert scene.client.send(f"DELETE {url}").status_code == 204
    assert scene.pull.seen().threads == ()


def test_requested_changes_stay_until_the_same_person_approves(scene: Scene) -> None:
    scene.repo.protect("main", approvals=1)
    priya = scene.repo.collaborator(scene.org.member("priya"))
    scene.pull.review(priya, "REQUEST_CHANGES", "no")
    scene.pull.review(priya, "COMMENT", "still")
    assert "Changes requested" in scene.pull.seen().box.blockers
    scene.pull.review(priya, "APPROVE")
    assert scene.pull.seen().box.mergeable


def test_a_bots_approval_does_not_count(scene: Scene) -> None:
    scene.repo.protect("main", approvals=1)
    scene.client.send(f"POST {REVIEWS}", {"event": "APPROVE"})
    assert not scene.pull.seen().box.mergeable


def test_reviewers_can_be_asked_only_if_they_can_answer(scene: Scene) -> None:
    url = "/repos/acme/infra/pulls/1/requested_reviewers"
    team = scene.org.team("data-owners", [scene.org.member("priya")]).allow(scene.repo)
    stranger = scene.standin.user("stranger")
    assert scene.client.send(f"POST {url}", {"reviewers": ["mona"]}).status_code == 422
    assert scene.client.send(f"POST {url}", {"reviewers": [stranger.login]}).status_code == 422
    assert scene.client.send(f"POST {url}", {"team_reviewers": ["nobody"]}).status_code == 422
    assert scene.client.send(f"POST {url}", {"reviewers": ["priya"], "team_reviewers": [team.slug]}).status_code == 201
    assert scene.pull.seen().requested == ("priya", "acme/data-owners")


def test_another_app_cannot_touch_without_permission(scene: Scene) -> None:
    reader = scene.standin.app("reader", permissions={"pull_requests": "read"}).install(scene.org)
    with Client(scene.standin, token_for(reader)) as client:
        assert client.send(f"GET {REVIEWS}").status_code == 200
        assert client.send(f"POST {REVIEWS}", {"event": "COMMENT", "body": "b"}).status_code == 403
