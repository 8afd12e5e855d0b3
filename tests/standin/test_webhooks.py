"""CONTRACT 1 and 2: deliveries."""

from collections import Counter
from collections.abc import Iterator

import pytest

from bot.standin import Standin
from bot.standin.state.deliveries import CAP_BYTES
from tests.standin.conftest import KEY, Scene
from tests.standin.receiver import Receiver, receiving

LIST = "GET /app/hook/deliveries"


@pytest.fixture
def receiver(scene: Scene) -> Iterator[Receiver]:
    with receiving() as server:
        scene.app.webhook_url = server.url
        scene.standin.deliver()
        scene.standin.outbox.recorded.clear()
        yield server


def test_a_signed_round_trip(scene: Scene, receiver: Receiver) -> None:
    scene.pull.push({"new.tf": "ünï\n"}, message="Zwölf")
    assert scene.standin.deliver() == 3
    assert [one.headers["x-github-event"] for one in receiver.received] == ["push", "check_suite", "pull_request"]
    last = receiver.received[-1]
    assert last.genuine(scene.app.webhook_secret)
    assert not last._replace(body=last.body + b" ").genuine(scene.app.webhook_secret)
    assert last.payload["action"] == "synchronize"
    assert last.payload["after"] == last.payload["pull_request"]["head"]["sha"] == scene.pull.head_sha
    assert last.payload["installation"]["id"] == scene.installation.id
    assert last.payload["pull_request"]["mergeable"] is None
    assert last.headers["user-agent"].startswith("GitHub-Hookshot/")
    assert last.headers["x-github-hook-installation-target-type"] == "integration"
    assert last.headers["x-github-hook-installation-target-id"] == str(scene.app.id)


def test_only_what_is_subscribed_and_permitted_is_sent(scene: Scene, receiver: Receiver) -> None:
    scene.installation.events = ("issue_comment", "merge_group")
    scene.installation.permissions.pop("checks")
    scene.pull.push({"a": "b"})
    scene.pull.comment(scene.mona, "hello")
    scene.standin.deliver()
    assert [one.headers["x-github-event"] for one in receiver.received] == ["issue_comment"]
    for name in ("issues", "pull_requests"):
        scene.installation.permissions.pop(name)
    scene.pull.comment(scene.mona, "hello")
    assert scene.standin.deliver() == 0


def test_own_writes_come_back(scene: Scene, receiver: Receiver) -> None:
    scene.client.send("POST /repos/acme/infra/issues/1/comments", {"body": "x"})
    scene.standin.deliver()
    payload = receiver.received[-1].payload
    assert (payload["sender"]["login"], payload["sender"]["type"]) == ("countersign[bot]", "Bot")


def test_buttons_and_rerequests_reach_only_the_owner(scene: Scene, receiver: Receiver) -> None:
    other = scene.standin.app("other", permissions={"checks": "write"}, events=["check_run"], webhook_url="http://127.0.0.1:9/")
    other.install(scene.org)
    run = scene.repo.checks.create(scene.app, {"name": "x", "head_sha": scene.pull.head_sha, "conclusion": "failure"})
    scene.standin.outbox.recorded.clear()
    run.press("recheck", scene.mona)
    run.rerequest(scene.mona)
    run.suite.rerequest(scene.mona)
    scene.standin.deliver()
    assert {one.app.slug for one in scene.standin.outbox.recorded} == {"countersign"}
    assert [one.payload["action"] for one in receiver.received[-3:]] == ["requested_action", "rerequested", "rerequested"]
    assert receiver.received[-3].payload["requested_action"] == {"identifier": "recheck"}


def test_a_suspended_or_uncovered_installation_hears_nothing(scene: Scene, receiver: Receiver) -> None:
    scene.installation.select(remove=[scene.repo])
    scene.pull.comment(scene.mona, "x")
    scene.installation.select(add=[scene.repo])
    scene.installation.suspend()
    scene.pull.comment(scene.mona, "x")
    scene.standin.deliver()
    assert [(one.headers["x-github-event"], one.payload["action"]) for one in receiver.received] == [
        ("installation_repositories", "removed"),
        ("installation_repositories", "added"),
        ("installation", "suspend"),
    ]


def test_failed_deliveries_are_listed_and_sent_again_with_the_same_guid(scene: Scene, receiver: Receiver) -> None:
    receiver.status = 500
    scene.pull.comment(scene.mona, "x")
    scene.standin.deliver()
    (failed,) = scene.as_app.send(LIST).json()
    assert (failed["status_code"], failed["event"], failed["redelivery"]) == (500, "issue_comment", False)
    receiver.status = 202
    assert scene.as_app.send(f"POST /app/hook/deliveries/{failed['id']}/attempts").status_code == 202
    scene.standin.deliver()
    again, first = scene.as_app.send(LIST).json()
    assert (again["guid"], again["status"], again["redelivery"]) == (first["guid"], "OK", True)
    assert receiver.received[0].body == receiver.received[1].body
    full = scene.as_app.send(f"GET /app/hook/deliveries/{again['id']}").json()
    assert full["request"]["payload"]["comment"]["body"] == "x"
    assert scene.as_app.send(LIST, status="failure").json()[0]["id"] == first["id"]


def test_an_app_that_cannot_be_reached_finds_its_deliveries_by_polling(scene: Scene) -> None:
    scene.standin.deliver()
    seen = []
    url = f"{LIST}?per_page=2"
    while True:
        page = scene.as_app.send(url)
        seen += page.json()
        if "next" not in page.links:
            break
        url = f"GET {page.links['next']['url']}"
    assert [one["event"] for one in reversed(seen)] == ["installation", "push", "check_suite", "pull_request"]
    assert {one["status_code"] for one in seen} == {502}
    scene.standin.clock.advance(3 * 86400 + 1)
    assert scene.as_app.send(LIST).status_code == 401 or scene.as_app.send(LIST).json() == []


def test_lost_doubled_and_shuffled(scene: Scene, receiver: Receiver) -> None:
    scene.standin.faults.deliveries(lost=0.2, duplicated=0.3, shuffled=True, match="issue_comment.*", seed=4)
    for number in range(100):
        scene.pull.comment(scene.mona, str(number))
    scene.standin.deliver()
    guids = [one.headers["x-github-delivery"] for one in receiver.received]
    bodies = [int(one.payload["comment"]["body"]) for one in receiver.received]
    assert bodies != sorted(bodies)
    assert 60 <= len(set(guids)) <= 95
    assert 10 <= sum(count == 2 for count in Counter(guids).values()) <= 50
    lost = [one for one in scene.standin.outbox.recorded if one.status != "OK"]
    assert len(lost) == 100 - len(set(guids))


def test_silently_lost_deliveries_are_in_no_list(scene: Scene, receiver: Receiver) -> None:
    scene.standin.faults.deliveries(lost=1.0, silent=True)
    scene.pull.comment(scene.mona, "x")
    assert scene.standin.deliver() == 0
    assert scene.as_app.send(LIST).json() == []
    assert receiver.received == []


def test_throttled_deliveries_say_so(scene: Scene, receiver: Receiver) -> None:
    scene.standin.faults.deliveries(throttled=1.0)
    scene.pull.comment(scene.mona, "x")
    scene.standin.deliver()
    assert scene.as_app.send(LIST).json()[0]["throttled_at"]
    assert len(receiver.received) == 1


def test_teams_and_collaborators(scene: Scene, receiver: Receiver) -> None:
    scene.installation.events = ("member", "membership")
    team = scene.org.team("data-owners")
    team.add(scene.org.member("priya"))
    scene.repo.collaborator(scene.standin.user("ada"))
    scene.standin.deliver()
    seen = [(one.headers["x-github-event"], one.payload["action"], one.payload["member"]["login"]) for one in receiver.received]
    assert seen == [("membership", "added", "priya"), ("member", "added", "ada")]


def test_payloads_above_25_megabytes_are_never_sent(scene: Scene, receiver: Receiver) -> None:
    scene.pull.body = "x" * CAP_BYTES
    scene.pull.edit(title="Huge")
    assert scene.standin.deliver() == 0
    assert receiver.received == []


def test_automatic_delivery() -> None:
    with receiving() as server, Standin.serve(automatic=4) as standin:
        standin.key = KEY
        org = standin.organisation("acme")
        repo = org.repository("infra", files={"a": "b"})
        app = standin.app(permissions={"pull_requests": "read"}, events=["pull_request"], webhook_url=server.url)
        app.install(org)
        for number in range(20):
            repo.pull_request(f"b{number}", files={"a": str(number)})
        assert standin.outbox.idle()
        assert len(server.received) == 21
