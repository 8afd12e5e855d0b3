"""Faults that a test asks for."""

import pytest
import requests

from tests.standin.conftest import Scene

LINE = "POST /repos/acme/infra/issues/1/comments"


@pytest.mark.parametrize(
    ("kind", "status", "written"),
    [
        ("502", 502, 0),
        ("502-after-write", 502, 1),
        ("500", 500, 0),
        ("403-secondary", 403, 0),
        ("403-secondary-bare", 403, 0),
        ("429", 429, 0),
        ("422", 422, 0),
        ("401", 401, 0),
    ],
)
def test_answers_that_fail_once(scene: Scene, kind: str, status: int, written: int) -> None:
    fault = scene.standin.faults.add("POST /repos/*/*/issues/*/comments", kind=kind)  # type: ignore[arg-type]
    failed = scene.client.send(LINE, {"body": "x"})
    assert failed.status_code == status
    assert ("Retry-After" in failed.headers) == (kind in {"403-secondary", "429"})
    assert len(scene.pull.seen().comments) == written
    assert scene.client.send(LINE, {"body": "x"}).status_code == 201
    assert fault.hits == 1


@pytest.mark.parametrize("kind", ["connection-reset", "timeout"])
def test_connections_that_break(scene: Scene, kind: str) -> None:
    scene.standin.faults.add(LINE, kind=kind, seconds=0.2)  # type: ignore[arg-type]
    with pytest.raises(requests.ConnectionError):
        scene.client.send(LINE, {"body": "x"})
    assert scene.pull.seen().comments == ()
    assert scene.client.send(LINE, {"body": "x"}).status_code == 201


def test_the_nth_call(scene: Scene) -> None:
    scene.standin.faults.add(kind="502", nth=3)
    assert [scene.client.send("GET /repos/acme/infra").status_code for _ in range(4)] == [200, 200, 502, 200]


def test_every_call_is_recorded(scene: Scene) -> None:
    scene.client.send("GET /repos/acme/infra")
    scene.client.send(LINE, {"body": "x"})
    assert scene.standin.counted() == {"GET /repos/{owner}/{repo}": 1, "POST /repos/{owner}/{repo}/issues/{issue_number}/comments": 1}
    assert scene.standin.final_state()["api_calls"] == 2


def test_an_own_fault_is_a_500_and_recorded(scene: Scene) -> None:
    scene.repo.refs["refs/heads/main"] = "not an object"
    assert scene.client.send("GET /repos/acme/infra/git/trees/main").status_code == 500
    assert "KeyError" in scene.standin.crashes.pop()


def test_numbers_that_are_none_are_404(scene: Scene) -> None:
    for path in ("check-runs/x", "pulls/comments/x", "issues/x", "pulls/x", "check-suites/-1"):
        assert scene.client.send(f"GET /repos/acme/infra/{path}").status_code == 404
