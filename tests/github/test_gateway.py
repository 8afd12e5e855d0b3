"""The gateway against the stand-in: what is asked, how often, and what stands there afterwards."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, get_args

import pytest

from bot.github.app import App, Manner
from bot.github.authentication import AppCredentials
from bot.github.caller import Patience
from bot.github.connection import quoted
from bot.github.gateway import InstallationGateway
from bot.github.limiter import Clock
from bot.github.refusal import Refusal
from bot.standin import Standin, dispatch
from bot.standin.faults import Kind
from tests.github.line import CHECKS, NAMED, REPO, Line, Moments, begin, line
from tests.standin.conftest import EVENTS, KEY, LINES, PERMISSIONS, Scene
from tests.witness.laws import problems
from tests.witness.proxy import witness

__all__ = ["line"]
FAULTS: tuple[Kind, ...] = tuple(kind for kind in get_args(Kind) if kind != "slow")
# What a request that may be repeated costs when it fails once: how often it is sent, and the seconds waited. A refusal stays.
REPEATED: dict[str, tuple[int, list[float]]] = {
    "502": (2, [1.0]),
    "502-after-write": (2, [1.0]),
    "500": (2, [1.0]),
    "403-secondary": (2, [1.0]),
    "403-secondary-bare": (2, [60.0]),
    "429": (2, [1.0]),
    "422": (1, []),
    "403": (1, []),
    "401": (2, []),
    "timeout": (2, [1.0]),
    "connection-reset": (2, [1.0]),
}
# The same for a request that must not: whether GitHub is asked in between what is there, and how often the request is sent.
CREATED: dict[str, tuple[int, int]] = {
    "502": (1, 2),
    "502-after-write": (1, 1),
    "500": (1, 2),
    "403-secondary": (0, 2),
    "403-secondary-bare": (0, 2),
    "429": (0, 2),
    "422": (0, 1),
    "403": (0, 1),
    "401": (0, 2),
    "timeout": (1, 2),
    "connection-reset": (1, 2),
}
FINAL = {"422": "invalid", "403": "forbidden"}
MINIMISE = "mutation($id: ID!) { minimizeComment(input: {subjectId: $id, classifier: OUTDATED}) { minimizedComment { isMinimized } } }"


def fault(line: Line, match: str, kind: Kind) -> None:
    """The next request of that form fails; the token is there already."""
    line.gateway.get(REPO)
    line.scene.standin.faults.add(match, kind=kind, seconds=0.1)
    line.scene.standin.calls.clear()


def tried(call: Callable[[], Any], kind: Kind) -> None:
    if kind in FINAL:
        with pytest.raises(Refusal) as refused:
            call()
        assert (refused.value.kind, refused.value.passing) == (FINAL[kind], False)
    else:
        call()


def test_it_reads_updates_and_creates(line: Line) -> None:
    assert line.gateway.get(REPO)["full_name"] == "acme/infra"
    run = begin(line)
    line.gateway.update(f"{CHECKS}/{run['id']}", {"conclusion": "success", "output": {"title": "t", "summary": "s"}})
    assert [(one.name, one.conclusion) for one in line.scene.standin.runs()] == [("countersign", "success")]
    assert line.gateway.graphql(NAMED, {"name": "infra"}) == {"repository": {"nameWithOwner": "acme/infra"}}
    assert line.gateway.text(f"{REPO}/pulls/1", "application/vnd.github.diff").startswith(b"diff --git a/main.tf")
    assert line.gateway.calls == {"get": 2, "post": 1, "patch": 1, "graphql": 1}
    assert line.app.tokens == 1


@pytest.mark.parametrize("kind", FAULTS)
def test_a_read_that_fails_once(line: Line, kind: Kind) -> None:
    fault(line, "GET /repos/acme/infra/pulls/1", kind)
    tried(lambda: line.gateway.get(f"{REPO}/pulls/1"), kind)
    assert (len(line.asked()), line.moments.slept) == REPEATED[kind]


@pytest.mark.parametrize("kind", FAULTS)
def test_an_update_that_fails_once(line: Line, kind: Kind) -> None:
    run = begin(line)
    fault(line, "PATCH */check-runs/*", kind)
    done = {"conclusion": "success", "output": {"title": "t", "summary": "s"}}
    tried(lambda: line.gateway.update(f"{CHECKS}/{run['id']}", done), kind)
    assert (len(line.asked()), line.moments.slept) == REPEATED[kind]
    assert [one.conclusion for one in line.scene.standin.runs()] == [None if kind in FINAL else "success"]


@pytest.mark.parametrize("kind", FAULTS)
def test_a_creation_that_fails_once(line: Line, kind: Kind) -> None:
    fault(line, "POST */check-runs", kind)
    tried(lambda: begin(line), kind)
    asked = [text.split(" ")[0] for text in line.asked()]
    assert (asked.count("GET"), asked.count("POST")) == CREATED[kind]
    assert [one.external_id for one in line.scene.standin.runs()] == ([] if kind in FINAL else ["e-1"])


@pytest.mark.parametrize("kind", FAULTS)
def test_a_query_and_a_mutation_that_fail_once(line: Line, kind: Kind) -> None:
    comment = line.scene.client.send(f"POST {REPO}/issues/1/comments", {"body": "x"}).json()
    fault(line, "POST /graphql", kind)
    tried(lambda: line.gateway.graphql(NAMED, {"name": "infra"}), kind)
    assert (len(line.asked()), line.moments.slept) == REPEATED[kind]
    line.moments.slept.clear()
    fault(line, "POST /graphql", kind)
    tried(lambda: line.gateway.graphql(MINIMISE, {"id": comment["node_id"]}), kind)
    assert (len(line.asked()), line.moments.slept) == REPEATED[kind]
    assert [one.minimised for one in line.scene.pull.seen().comments] == ([None] if kind in FINAL else ["OUTDATED"])


def test_an_answer_that_comes_too_late_is_asked_for_again(line: Line) -> None:
    line.gateway.get(REPO)
    line.scene.standin.faults.add("GET *", kind="slow", seconds=0.7)
    assert line.gateway.get(REPO)["name"] == "infra"
    assert line.gateway.calls["get"] == 3


def test_what_never_works_ends(line: Line) -> None:
    line.scene.standin.faults.add("* /repos/*", kind="502", times=-1)
    calls: list[tuple[Callable[[], Any], int]] = [
        (lambda: line.gateway.get(REPO), 4),
        (lambda: line.gateway.update(f"{CHECKS}/1", {}), 4),
        (lambda: line.gateway.create(CHECKS, {}, find=lambda: None), 3),
    ]
    for call, sent in calls:
        line.scene.standin.calls.clear()
        with pytest.raises(Refusal) as refused:
            call()
        assert (refused.value.kind, refused.value.status, len(line.asked())) == ("unavailable", 502, sent)
    assert str(refused.value) == "POST /repos/acme/infra/check-runs: 502 Bad Gateway"


def test_a_limit_holds_for_every_caller_and_nobody_sleeps_the_hour(line: Line) -> None:
    line.gateway.get(REPO)
    line.scene.standin.limits.primary = 2
    line.gateway.get(REPO)
    with pytest.raises(Refusal) as refused:
        line.gateway.get(REPO)
    assert refused.value.kind == "rate-limited"
    assert 3500 < (refused.value.retry_after or 0) < 3603
    sent = line.gateway.calls["get"]
    with pytest.raises(Refusal, match="not sent"):
        line.gateway.update(f"{CHECKS}/1", {})
    assert (line.gateway.calls["get"], "patch" in line.gateway.calls, line.moments.slept) == (sent, False, [])
    line.moments.at += refused.value.retry_after or 0
    line.scene.standin.clock.advance(3601)
    assert line.gateway.get(REPO)["name"] == "infra"


def test_the_budget_is_what_the_last_answer_said(line: Line) -> None:
    assert line.gateway.budget() is None
    line.gateway.get(REPO)
    line.gateway.graphql(NAMED, {"name": "infra"})
    core, graphql = line.gateway.budget(), line.gateway.budget("graphql")
    assert core is not None
    assert graphql is not None
    assert (core.remaining, core.limit, graphql.remaining) == (4999, 5000, 4999)


def test_a_token_is_made_once_for_all_threads_and_once_more_when_it_is_refused(line: Line) -> None:
    def eight() -> None:
        threads = [threading.Thread(target=lambda: line.gateway.get(REPO)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    eight()
    assert (line.app.tokens, line.gateway.calls["get"]) == (1, 8)
    line.scene.standin.expire_tokens()
    eight()
    assert line.app.tokens == 2
    line.scene.standin.clock.advance(3600)
    line.moments.at += 3600
    line.gateway.get(REPO)
    assert (line.app.tokens, [text for text in line.asked() if text.endswith("401")][8:]) == (3, [])


def test_a_wrong_key_is_refused_and_never_shown(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    line.gateway.get(REPO)
    for key in (b"-----BEGIN RSA PRIVATE KEY-----\nsecret\n-----END RSA PRIVATE KEY-----\n", b"", b"\xff"):
        credentials = AppCredentials(line.scene.app.id, key)
        with App(credentials, line.scene.standin.api) as app, pytest.raises(Refusal) as refused:
            app.itself()
        assert refused.value.kind == "unauthorised"
        assert "secret" not in f"{credentials!r}{app!r}{refused.value!r}{refused.value.__cause__!r}{refused.value.__context__!r}"
    assert "ghs_" not in caplog.text
    assert "eyJ" not in caplog.text


def test_the_app_itself_and_where_it_is_installed(line: Line) -> None:
    itself = line.app.itself()
    assert (itself.id, itself.slug, itself.permissions["checks"]) == (line.scene.app.id, "countersign", "write")
    assert set(itself.events) == set(EVENTS)
    line.scene.installation.suspend(line.scene.mona)
    (there,) = line.app.installations()
    assert (there.id, there.account.login, there.account.kind, there.suspended) == (
        line.scene.installation.id,
        "acme",
        "Organization",
        True,
    )
    found = line.app.installation_of("acme/infra")
    assert found is not None
    assert (found.id, line.app.installation_of("acme/other")) == (there.id, None)
    with pytest.raises(Refusal, match="suspended") as refused:
        line.gateway.get(REPO)
    assert refused.value.kind == "forbidden"
    line.scene.installation.delete()
    with pytest.raises(Refusal) as gone:
        line.gateway.get(REPO)
    assert gone.value.kind == "not-found"


def test_what_is_forbidden_names_the_permission(line: Line) -> None:
    line.scene.app.ask({"contents": "read"})
    line.gateway.get(REPO)
    with pytest.raises(Refusal) as refused:
        line.gateway.create(CHECKS, {"name": "x", "head_sha": line.scene.pull.head_sha}, find=lambda: None)
    assert (refused.value.kind, refused.value.needed) == ("forbidden", "checks=write")


def test_a_renamed_repository_is_followed_with_the_query(line: Line) -> None:
    line.scene.repo.pull_request("other", files={"x.tf": "x\n"}, by=line.scene.mona)
    line.scene.repo.rename("infrastructure")
    assert [pull["number"] for pull in line.gateway.get(f"{REPO}/pulls", {"per_page": 1, "page": 2})] == [1]
    run = line.gateway.create(CHECKS, {"name": "x", "head_sha": line.scene.pull.head_sha}, find=lambda: None)
    line.gateway.update(f"{CHECKS}/{run['id']}", {"status": "completed", "conclusion": "neutral"})
    assert [one.conclusion for one in line.scene.standin.runs()] == ["neutral"]


def test_another_host_is_not_asked(line: Line) -> None:
    with pytest.raises(Refusal, match="another host"):
        line.gateway.get("https://example.com/x")
    assert line.asked() == []


def test_all_pages_are_read_up_to_the_limit(line: Line) -> None:
    for number in range(7):
        line.scene.client.send(f"POST {REPO}/issues/1/comments", {"body": f"{number}"})
    line.scene.standin.calls.clear()
    path = f"{REPO}/issues/1/comments"
    assert [one["body"] for one in line.gateway.pages(path, {"per_page": 3})] == list("0123456")
    assert [one["body"] for one in line.gateway.pages(path, {"per_page": 3}, limit=4)] == list("0123")
    assert len(line.asked()) == 5
    begin(line)
    assert len(line.gateway.pages(f"{REPO}/commits/{line.scene.pull.head_sha}/check-runs", key="check_runs")) == 1


def test_deleting_what_is_gone_is_done(line: Line) -> None:
    comment = line.scene.client.send(f"POST {REPO}/issues/1/comments", {"body": "x"}).json()
    path = f"{REPO}/issues/comments/{comment['id']}"
    line.scene.standin.faults.add("DELETE *", kind="502-after-write")
    line.gateway.delete(path)
    line.gateway.delete(path)
    assert line.scene.pull.seen().comments == ()


def test_errors_of_graphql(line: Line) -> None:
    with pytest.raises(Refusal) as absent:
        line.gateway.graphql(NAMED, {"name": "none"})
    assert (absent.value.kind, absent.value.status) == ("not-found", 200)
    two = NAMED.replace("{ nameWithOwner }", '{ nameWithOwner } there: repository(owner: "acme", name: "infra") { nameWithOwner }')
    found = line.gateway.partly(two, {"name": "none"})
    assert found.data == {"repository": None, "there": {"nameWithOwner": "acme/infra"}}
    assert [(error.kind, error.path) for error in found.errors] == [("NOT_FOUND", ("repository",))]
    with pytest.raises(Refusal) as wrong:
        line.gateway.partly("{ nonsense }", {})
    assert wrong.value.kind == "invalid"
    line.scene.standin.unsupported.clear()


def test_eight_threads_keep_their_distance(scene: Scene) -> None:
    moments = Moments()
    credentials = AppCredentials(scene.app.id, scene.app.pem.encode())
    starts: list[float] = []

    def write(app: App, name: str) -> None:
        gateway = app.gateway(scene.installation.id)
        for number in range(3):
            gateway.create(f"{REPO}/issues/1/comments", {"body": f"{name}{number}"}, find=lambda: None)
            starts.append(moments.at)

    with App(credentials, scene.standin.api, Manner(write_spacing=1.0, clock=moments.clock())) as app:
        threads = [threading.Thread(target=write, args=(app, name)) for name in "abcdefgh"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert moments.slept == [1.0] * 23
    assert len(scene.pull.seen().comments) == 24
    assert scene.standin.limits.peak <= 8


def test_an_enterprise_server_has_its_own_addresses() -> None:
    with Standin.serve(ghes=True, strict=True) as standin:
        standin.key = KEY
        org = standin.organisation("acme")
        repo = org.repository("infra", files={"main.tf": LINES})
        made = standin.app(permissions=PERMISSIONS, events=EVENTS)
        inst = made.install(org)
        with App(AppCredentials(made.client_id, made.pem.encode()), f"{standin.api}/", Manner(write_spacing=0)) as app:
            gateway = app.gateway(inst.id)
            assert gateway.get(REPO)["id"] == repo.id
            assert gateway.graphql(NAMED, {"name": "infra"}) == {"repository": {"nameWithOwner": "acme/infra"}}
            assert gateway.budget() is None
            with pytest.raises(Refusal, match="another host"):
                gateway.get(f"{REPO}/tarball/main")
        assert (standin.untrue, standin.unsupported) == ([], [])


def test_an_older_enterprise_server_is_spoken_to_in_its_version(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "VERSIONS", ("2022-11-28",))
    assert line.gateway.get(REPO)["name"] == "infra"
    begin(line)
    assert [text.partition(" /")[0] for text in line.asked()] == ["GET", "POST"]
    assert len(line.scene.standin.runs()) == 1
    refused = [status for *_, status, _ in line.scene.standin.calls if status == 400]
    assert len(refused) == 1


def test_names_of_any_letters_arrive(line: Line) -> None:
    path = "dir/ä b#?;%2F+.tf"
    line.scene.repo.commit({path: "x\n"}, branch="a/b")
    place = "/".join(quoted(part) for part in path.split("/"))
    found = line.gateway.get(f"{REPO}/contents/{place}", {"ref": "a/b"})
    assert found["path"] == path


def test_a_used_up_hour_of_graphql_leaves_rest_alone(line: Line) -> None:
    line.gateway.get(REPO)
    line.scene.standin.limits.primary = 2
    line.gateway.graphql(NAMED, {"name": "infra"})
    line.gateway.graphql(NAMED, {"name": "infra"})
    with pytest.raises(Refusal) as refused:
        line.gateway.graphql(NAMED, {"name": "infra"})
    assert refused.value.kind == "rate-limited"
    assert line.gateway.get(REPO)["name"] == "infra"


def test_a_clock_that_is_wrong_makes_no_token_for_each_request(scene: Scene) -> None:
    ahead = Clock(now=lambda: time.time() + 90_000, sleep=Moments().sleep)
    with App(AppCredentials(scene.app.id, scene.app.pem.encode()), scene.standin.api, Manner(write_spacing=0, clock=ahead)) as app:
        for _ in range(3):
            app.gateway(scene.installation.id).get(REPO)
        assert app.tokens == 1


@pytest.mark.parametrize("wrong", [-7200.0, 7200.0])
def test_a_clock_of_ours_that_is_wrong_is_set_by_what_github_says(scene: Scene, wrong: float) -> None:
    """A signed token from the future or the past is refused; the answer's date tells by how much."""
    clock = Clock(now=lambda: time.time() + wrong, sleep=Moments().sleep)
    with App(AppCredentials(scene.app.id, scene.app.pem.encode()), scene.standin.api, Manner(write_spacing=0, clock=clock)) as app:
        assert app.itself().id == scene.app.id
        assert app.gateway(scene.installation.id).get(REPO)["name"] == "infra"
    assert [status for *_, status, _ in scene.standin.calls if status == 401] == [401]


def test_impatience_is_the_callers(scene: Scene) -> None:
    manner = Manner(write_spacing=0, patience=Patience(longest=5.0), clock=Moments().clock())
    scene.standin.faults.add("GET /repos/*", kind="403-secondary-bare")
    with App(AppCredentials(scene.app.id, scene.app.pem.encode()), scene.standin.api, manner) as app, pytest.raises(Refusal) as refused:
        app.gateway(scene.installation.id).get(REPO)
    assert (refused.value.kind, refused.value.retry_after) == ("rate-limited", 60.0)


def test_a_list_is_read_from_its_end_as_its_links_name_the_pages(line: Line) -> None:
    with witness(line.scene.standin.api) as watched, through(line, watched.url) as gateway:
        for number in range(7):
            line.scene.client.send(f"POST {REPO}/check-runs", {"name": f"{number}", "head_sha": line.scene.pull.head_sha})
        path = f"{REPO}/commits/{line.scene.pull.head_sha}/check-runs"
        for limit, names, pages in ((1, "0", 2), (4, "3210", 3), (7, "6543210", 3), (99, "6543210", 3)):
            watched.seen.clear()
            first, items = gateway.ends(path, {"per_page": 3}, key="check_runs", limit=limit)
            assert (first["total_count"], "".join(item["name"] for item in items)) == (7, names)
            assert len([one for one in watched.seen if one.path == path]) == pages
        assert [item["name"] for item in gateway.pages(path, {"per_page": 3}, key="check_runs")] == list("6543210")
        assert len(gateway.pages(path, {"per_page": 7}, key="check_runs")) == 7  # a full page, and GitHub names no other
        assert [word for one in watched.seen for word in problems(one)] + watched.guessed == []


@contextmanager
def through(line: Line, url: str) -> Iterator[InstallationGateway]:
    """Another way to the stand-in."""
    with App(AppCredentials(line.scene.app.id, line.scene.app.pem.encode()), url, Manner(write_spacing=0.0)) as app:
        yield app.gateway(line.scene.installation.id)
