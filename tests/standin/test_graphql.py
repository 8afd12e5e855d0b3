"""GraphQL: objects whose ids can be recomputed, threads, minimising, errors inside a 200 (CONTRACT 11.10)."""

from typing import Any

import pytest

from bot.standin.git.objects import object_id
from bot.standin.state.repository import File
from tests.standin.client import Client, token_for
from tests.standin.conftest import Scene

TREE = """query($owner: String!, $name: String!, $at: String!) { repository(owner: $owner, name: $name) { object(expression: $at) {
  ... on Tree { oid entries { name path oid mode type object {
    __typename ... on Blob { oid text isBinary isTruncated byteSize } } } } } } }"""
THREADS = """query { repository(owner: "acme", name: "infra") { pullRequest(number: 1) { headRefOid isDraft mergeable
  reviewThreads(first: 100) { pageInfo { hasNextPage } nodes { id path line isResolved isOutdated subjectType viewerCanResolve
    comments(first: 100) { nodes { id fullDatabaseId body isMinimized author { __typename login } replyTo { id } } } } }
  comments(last: 100) { nodes { id isMinimized minimizedReason body author { login } } } } } }"""


def _entries(scene: Scene, at: str) -> dict[str, Any]:
    answer = scene.client.graphql(TREE, owner="acme", name="infra", at=at)
    return {entry["name"]: entry for entry in answer["data"]["repository"]["object"]["entries"]}


def test_a_directory_in_one_call_and_what_cannot_be_trusted(scene: Scene) -> None:
    scene.repo.commit(
        {
            "mod/plain.tf": "ä\r\n",
            "mod/binary": b"\x00\x01",
            "mod/latin1.tf": b"\xe4\n",
            "mod/large.tf": "x" * 600_000,
            "mod/link": File(b"../main.tf", 0o120000),
            "mod/sub": File(b"1" * 40, 0o160000),
        }
    )
    entries = _entries(scene, "main:mod")
    trusted = {
        name
        for name, entry in entries.items()
        if entry["object"] and entry["object"]["text"] is not None and object_id("blob", entry["object"]["text"].encode()) == entry["oid"]
    }
    assert trusted == {"plain.tf", "link"}
    assert entries["binary"]["object"] | {"oid": ""} == {
        "__typename": "Blob",
        "oid": "",
        "text": None,
        "isBinary": True,
        "isTruncated": False,
        "byteSize": 2,
    }
    assert (entries["large.tf"]["object"]["isTruncated"], entries["large.tf"]["object"]["byteSize"]) == (True, 600_000)
    assert (entries["link"]["mode"], entries["link"]["type"]) == (0o120000, "blob")
    assert (entries["sub"]["mode"], entries["sub"]["type"], entries["sub"]["object"]) == (0o160000, "commit", None)
    assert entries["plain.tf"]["path"] == "mod/plain.tf"
    assert set(_entries(scene, f"{scene.pull.head_sha}:")) == {"docs", "main.tf", "new.tf"}


def test_an_expression_that_names_nothing_is_null(scene: Scene) -> None:
    answer = scene.client.graphql(TREE, owner="acme", name="infra", at="main:nope")
    assert answer == {"data": {"repository": {"object": None}}}


def test_threads_and_comments(scene: Scene) -> None:
    thread = scene.pull.comment_on(scene.app.bot, "main.tf", 5, "fix")
    thread.reply(scene.mona, "why?")
    scene.pull.comment(scene.app.bot, "summary")
    pull = scene.client.graphql(THREADS)["data"]["repository"]["pullRequest"]
    (shown,) = pull["reviewThreads"]["nodes"]
    assert (shown["line"], shown["isResolved"], shown["isOutdated"], shown["viewerCanResolve"]) == (5, False, False, False)
    first, second = shown["comments"]["nodes"]
    assert first["author"] == {"__typename": "Bot", "login": "countersign"}
    assert second["replyTo"] == {"id": first["id"]}
    assert pull["comments"]["nodes"][0]["body"] == "summary"


def test_resolving_needs_contents_write(scene: Scene) -> None:
    thread = scene.pull.comment_on(scene.app.bot, "main.tf", 5, "fix")
    text = "mutation($id: ID!) { resolveReviewThread(input: {threadId: $id}) { thread { isResolved } } }"
    refused = scene.client.graphql(text, id=thread.node_id)
    assert refused["data"] == {"resolveReviewThread": None}
    assert (refused["errors"][0]["type"], refused["errors"][0]["path"]) == ("FORBIDDEN", ["resolveReviewThread"])
    scene.installation.permissions["contents"] = "write"
    with Client(scene.standin, token_for(scene.installation)) as client:
        assert client.graphql(text, id=thread.node_id)["data"]["resolveReviewThread"]["thread"] == {"isResolved": True}
    assert scene.pull.seen().threads[0].resolved


@pytest.mark.parametrize("kind", ["issue comment", "review comment"])
def test_minimising(scene: Scene, kind: str) -> None:
    issue = kind == "issue comment"
    comment = scene.pull.comment(scene.app.bot, "x") if issue else scene.pull.comment_on(scene.app.bot, "main.tf", 5, "x").comments[0]
    text = "mutation($id: ID!) { %s(input: {subjectId: $id%s}) { %s { isMinimized minimizedReason } } }"
    hide = text % ("minimizeComment", ", classifier: RESOLVED", "minimizedComment")
    show = text % ("unminimizeComment", "", "unminimizedComment")
    hidden = scene.client.graphql(hide, id=comment.node_id)["data"]["minimizeComment"]["minimizedComment"]
    assert hidden == {"isMinimized": True, "minimizedReason": "resolved"}
    seen = scene.pull.seen()
    assert (seen.comments[0] if issue else seen.threads[0].comments[0]).minimised == "RESOLVED"
    shown = scene.client.graphql(show, id=comment.node_id)["data"]["unminimizeComment"]["unminimizedComment"]
    assert shown == {"isMinimized": False, "minimizedReason": None}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{ repository(owner: "acme", name: "nope") { id } }', "NOT_FOUND"),
        ('{ repository(owner: "acme", name: "infra") { pullRequests { totalCount } } }', "MISSING_PAGINATION_BOUNDARIES"),
        ('{ repository(owner: "acme", name: "infra") { pullRequests(first: 101) { totalCount } } }', "EXCESSIVE_PAGINATION"),
        ('{ repository(owner: "acme", name: "infra") { pullRequest(number: 9) { id } } }', "NOT_FOUND"),
        ('{ node(id: "nope") { id } }', "NOT_FOUND"),
        ("{ viewer { login } }", "FORBIDDEN"),
    ],
)
def test_errors_stand_inside_a_200(scene: Scene, text: str, kind: str) -> None:
    answer = scene.client.send("POST /graphql", {"query": text})
    assert (answer.status_code, answer.json()["errors"][0]["type"]) == (200, kind)


def test_a_missing_permission_is_forbidden(scene: Scene) -> None:
    reader = scene.standin.app("reader", permissions={"checks": "read"}).install(scene.org)
    with Client(scene.standin, token_for(reader)) as client:
        answer = client.graphql(TREE, owner="acme", name="infra", at="main:")
    assert answer["errors"][0]["type"] == "FORBIDDEN"


def test_fields_that_github_does_not_have_are_errors_and_noted(scene: Scene) -> None:
    text = '{ repository(owner: "acme", name: "infra") { ref(qualifiedName: "main") { compare(headRef: "change") { mergeBase } } } }'
    assert "mergeBase" in scene.client.graphql(text)["errors"][0]["message"]
    assert len(scene.standin.unsupported) == 1
    scene.standin.unsupported.clear()


def test_nobody_asks_without_a_token_and_calls_are_counted(scene: Scene) -> None:
    with Client(scene.standin, None) as nobody:
        assert nobody.send("POST /graphql", {"query": "{ rateLimit { limit } }"}).status_code == 401
    answer = scene.client.send("POST /graphql", {"query": "{ rateLimit { used } }"})
    assert answer.json() == {"data": {"rateLimit": {"used": 1}}}
    assert answer.headers["X-RateLimit-Resource"] == "graphql"


def test_commits_name_everyone_who_wrote_them(scene: Scene) -> None:
    scene.pull.push(
        {"a": "b"}, message=f"Change\n\nCo-authored-by: Priya <{scene.org.member('priya').email}>\nCo-authored-by: X <x@example.com>"
    )
    text = """{ repository(owner: "acme", name: "infra") { pullRequest(number: 1) { commits(last: 1) { nodes { commit {
      messageHeadline authors(first: 10) { nodes { name user { login } } } } } } } } }"""
    commit = scene.client.graphql(text)["data"]["repository"]["pullRequest"]["commits"]["nodes"][0]["commit"]
    assert commit["messageHeadline"] == "Change"
    assert [author["user"] for author in commit["authors"]["nodes"]] == [{"login": "mona"}, {"login": "priya"}, None]
