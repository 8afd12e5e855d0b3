"""CONTRACT 6: check runs."""

from typing import Any

import pytest

from tests.standin.client import Client, token_for
from tests.standin.conftest import Scene

RUNS = "/repos/acme/infra/check-runs"
NOTE = {"path": "main.tf", "start_line": 1, "end_line": 1, "annotation_level": "failure", "message": "m"}
OUTPUT = {"title": "t", "summary": "s"}


def _create(scene: Scene, **fields: Any) -> Any:
    return scene.client.send(f"POST {RUNS}", {"name": "countersign", "head_sha": scene.pull.head_sha, **fields})


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 201),
        ({"status": "in_progress"}, 201),
        ({"conclusion": "failure"}, 201),
        ({"status": "waiting"}, 422),
        ({"status": "completed"}, 422),
        ({"completed_at": "2026-01-01T00:00:00Z"}, 422),
        ({"conclusion": "stale"}, 422),
        ({"conclusion": "startup_failure"}, 422),
        ({"conclusion": "maybe"}, 422),
        ({"name": 5}, 422),
        ({"head_sha": "0" * 40}, 422),
        ({"head_sha": "change"}, 422),
        ({"output": {"title": "t"}}, 422),
        ({"output": {"summary": "s"}}, 422),
        ({"output": {**OUTPUT, "summary": "x" * 65_535}}, 201),
        ({"output": {**OUTPUT, "summary": "x" * 65_536}}, 422),
        ({"output": {**OUTPUT, "text": "x" * 65_536}}, 422),
        ({"output": {**OUTPUT, "annotations": [NOTE] * 50}}, 201),
        ({"output": {**OUTPUT, "annotations": [NOTE] * 51}}, 422),
        ({"output": {**OUTPUT, "annotations": [{**NOTE, "start_line": 0}]}}, 422),
        ({"output": {**OUTPUT, "annotations": [{**NOTE, "path": None}]}}, 422),
        ({"output": {**OUTPUT, "annotations": [{**NOTE, "start_column": 1, "end_column": 2}]}}, 201),
        ({"output": {**OUTPUT, "annotations": [{**NOTE, "end_line": 2, "start_column": 1, "end_column": 2}]}}, 422),
        ({"actions": [{"label": "a", "description": "d", "identifier": "i"}] * 3}, 201),
        ({"actions": [{"label": "a", "description": "d", "identifier": "i"}] * 4}, 422),
        ({"actions": [{"label": "a" * 21, "description": "d", "identifier": "i"}]}, 422),
    ],
)
def test_what_can_be_created(scene: Scene, fields: dict[str, Any], status: int) -> None:
    made = _create(scene, **fields)
    assert made.status_code == status, made.text
    assert len(scene.standin.runs()) == (status == 201)


def test_a_conclusion_completes_the_run_and_annotations_are_appended(scene: Scene) -> None:
    number = _create(scene, output={**OUTPUT, "annotations": [NOTE]}).json()["id"]
    patched = scene.client.send(
        f"PATCH {RUNS}/{number}", {"conclusion": "failure", "output": {"summary": "new", "annotations": [NOTE]}}
    ).json()
    assert (patched["status"], patched["conclusion"]) == ("completed", "failure")
    assert patched["output"]["annotations_count"] == 2
    assert patched["output"]["title"] == "t"
    assert len(scene.client.send(f"GET {RUNS}/{number}/annotations").json()) == 2


def test_only_the_app_that_made_a_run_may_change_it(scene: Scene) -> None:
    number = _create(scene).json()["id"]
    other = scene.standin.app("other", permissions={"checks": "write"}).install(scene.org)
    with Client(scene.standin, token_for(other)) as client:
        assert client.send(f"PATCH {RUNS}/{number}", {"conclusion": "success"}).status_code == 403
        assert client.send(f"GET {RUNS}/{number}").json()["status"] == "queued"
    with Client(scene.standin, scene.mona.token) as person:
        refused = person.send(f"POST {RUNS}", {"name": "x", "head_sha": scene.pull.head_sha})
    assert refused.status_code == 403


def test_latest_run_of_each_name(scene: Scene) -> None:
    first, second = _create(scene, conclusion="failure").json()["id"], _create(scene, external_id="2").json()["id"]
    of_head = f"GET /repos/acme/infra/commits/{scene.pull.head_sha}/check-runs"
    assert [run["id"] for run in scene.client.send(of_head).json()["check_runs"]] == [second]
    every = scene.client.send(of_head, filter="all").json()
    assert (every["total_count"], [run["id"] for run in every["check_runs"]]) == (2, [second, first])
    assert scene.client.send(of_head, check_name="nope").json()["total_count"] == 0
    assert scene.client.send("GET /repos/acme/infra/commits/change/check-runs").json()["total_count"] == 1


def test_a_rerequest_clears_the_suite_but_not_the_run(scene: Scene) -> None:
    run = _create(scene, conclusion="failure").json()
    scene.standin.outbox.recorded.clear()
    made = scene.repo.checks.runs[run["id"]]
    made.rerequest(scene.mona)
    suite = scene.client.send(f"GET /repos/acme/infra/check-suites/{run['check_suite']['id']}").json()
    assert (suite["status"], suite["conclusion"]) == ("queued", None)
    assert scene.client.send(f"GET {RUNS}/{run['id']}").json()["conclusion"] == "failure"
    assert [(one.event, one.action) for one in scene.standin.outbox.recorded] == [("check_run", "rerequested")]


def test_a_run_that_is_never_completed_goes_stale_after_14_days(scene: Scene) -> None:
    _create(scene, status="in_progress")
    scene.standin.clock.advance(14 * 86400 + 1)
    assert scene.pull.seen().check("countersign").conclusion == "stale"


def test_a_thousand_runs_of_one_name_are_kept(scene: Scene) -> None:
    fields = {"name": "x", "head_sha": scene.pull.head_sha}
    for number in range(1001):
        scene.repo.checks.create(scene.app, {**fields, "external_id": str(number)})
    kept = scene.repo.checks.on(scene.pull.head_sha)
    assert len(kept) == 1000
    assert kept[0].external_id == "1"


def test_statuses(scene: Scene) -> None:
    url = f"POST /repos/acme/infra/statuses/{scene.pull.head_sha}"
    assert scene.client.send(url, {"state": "success", "context": "CI"}).status_code == 201
    assert scene.client.send(url, {"state": "failure", "context": "ci"}).status_code == 201
    assert scene.client.send(url, {"state": "bogus"}).status_code == 422
    assert scene.client.send(url, {"state": "success", "description": "x" * 141}).status_code == 422
    combined = scene.client.send("GET /repos/acme/infra/commits/change/status").json()
    assert (combined["state"], combined["total_count"]) == ("failure", 1)


def test_automatic_suites_can_be_skipped_by_the_author_and_by_the_app(scene: Scene) -> None:
    def suites(sha: str) -> int:
        return int(scene.client.send(f"GET /repos/acme/infra/commits/{sha}/check-suites").json()["total_count"])

    assert suites(scene.pull.head_sha) == 1
    assert suites(scene.pull.push({"a": "b"}, message="Quiet\n\n\nskip-checks: true")) == 0
    wanted = {"auto_trigger_checks": [{"app_id": scene.app.id, "setting": False}]}
    assert scene.client.send("PATCH /repos/acme/infra/check-suites/preferences", wanted).status_code == 200
    assert suites(scene.pull.push({"a": "c"})) == 0
