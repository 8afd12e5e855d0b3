"""kill -9 of the process before and after each step: the next one carries on, and the page is that of a run without a death."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tests.ledger.postgresql import postgresql
from tests.standin.conftest import Scene
from tests.workflows.app import ENFORCE, WORLD
from tests.workflows.deciding import ENCRYPTED, PLAIN

OWNED = "level: enforce\nowners: {data: ['@ada']}\n"
STEPS = ("claim", "look", "begin", "decide", "publish", "finish")


def run(scene: Scene, place: Path, moment: str, step: str, guids: list[str]) -> int:
    command = [sys.executable, "-m", "tests.workflows.victim", str(place), scene.standin.api, str(scene.app.id), moment, step, *guids]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert moment != "never" or done.returncode == 0, done.stderr.decode()[-2000:]
    return done.returncode


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_a_killed_process_leaves_nothing_undone_and_nothing_double(scene: Scene, tmp_path: Path, moment: str, step: str) -> None:
    scene.repo.commit(ENFORCE, by=scene.mona)
    seen = len(scene.standin.outbox.recorded)
    pull = scene.repo.pull_request("open", files={"db.tf": WORLD}, by=scene.mona)
    (tmp_path / "key.pem").write_text(scene.app.pem)
    guids = []
    for item in scene.standin.outbox.recorded[seen:]:
        if item.event == "pull_request":
            guids.append(item.guid)
            (tmp_path / f"{item.guid}.json").write_bytes(msgspec.json.encode((item.event, item.body.decode())))
    assert run(scene, tmp_path, moment, step, guids) == -9
    run(scene, tmp_path, "never", "", [])
    runs = [(item.name, item.status, item.conclusion) for item in scene.standin.runs() if item.head_sha == pull.head_sha]
    assert runs == [("countersign", "completed", "failure")]
    page = pull.seen()
    assert [(thread.path, thread.line, len(thread.comments)) for thread in page.threads] == [("db.tf", 11, 1)]
    assert len(page.comments) == 1


@pytest.mark.slow
def test_an_answer_is_given_once_though_the_process_is_killed_when_it_is_recorded(scene: Scene, tmp_path: Path) -> None:
    """The step is repeated: what stands in the ledger is what counts, and the page is that of a run without a death."""
    ada = scene.org.member("ada")
    scene.repo.collaborator(ada, "write")
    scene.repo.commit({".github/countersign.yml": OWNED, "main.tf": PLAIN}, by=scene.mona)
    (tmp_path / "key.pem").write_text(scene.app.pem)

    def handed(event: str, seen: int) -> list[str]:
        found = [item for item in scene.standin.outbox.recorded[seen:] if item.event == event]
        for item in found:
            (tmp_path / f"{item.guid}.json").write_bytes(msgspec.json.encode((item.event, item.body.decode())))
        return [item.guid for item in found]

    seen = len(scene.standin.outbox.recorded)
    pull = scene.repo.pull_request("encrypt", files={"main.tf": ENCRYPTED}, by=scene.mona)
    run(scene, tmp_path, "never", "", handed("pull_request", seen))
    scene.standin.clock.advance(3)
    seen = len(scene.standin.outbox.recorded)
    comment = pull.comment(ada, "/countersign accept J-1 because it is expendable")
    assert run(scene, tmp_path, "after", "answer", handed("issue_comment", seen)) == -9
    run(scene, tmp_path, "never", "", [])
    assert [made.content for made in comment.reactions] == ["+1"]
    runs = [(item.status, item.conclusion) for item in scene.standin.runs() if item.head_sha == pull.head_sha]
    assert runs == [("completed", "success")]
    assert len(pull.seen().threads) == len(pull.seen().comments) - 1 == 1


@pytest.mark.slow
@pytest.mark.parametrize("name", ["db", "db-{number}"])
def test_two_replicas_on_postgresql_do_everything_once(scene: Scene, tmp_path: Path, name: str) -> None:
    """With a head of its own for each pull request, and with one for all."""
    scene.repo.commit(ENFORCE, by=scene.mona)
    (tmp_path / "key.pem").write_text(scene.app.pem)
    seen = len(scene.standin.outbox.recorded)
    files = [{f"{name.format(number=number)}.tf": WORLD} for number in range(6)]
    pulls = [scene.repo.pull_request(f"open-{number}", files=changed, by=scene.mona) for number, changed in enumerate(files)]
    guids = []
    for item in scene.standin.outbox.recorded[seen:]:
        if item.event == "pull_request":
            guids.append(item.guid)
            (tmp_path / f"{item.guid}.json").write_bytes(msgspec.json.encode((item.event, item.body.decode())))
    with postgresql() as url:
        replicas = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.workflows.victim", str(tmp_path), scene.standin.api, str(scene.app.id), "never", "", *guids],
                env=os.environ | {"LEDGER": url, "EXECUTOR": executor},
                stderr=subprocess.PIPE,
            )
            for executor in ("one", "two")
        ]
        told = [replica.communicate(timeout=90)[1].decode() for replica in replicas]
    assert [replica.returncode for replica in replicas] == [0, 0], told
    for pull in pulls:
        runs = [(item.status, item.conclusion) for item in scene.standin.runs() if item.head_sha == pull.head_sha]
        assert runs == [("completed", "failure")]
        assert (len(pull.seen().threads), len(pull.seen().comments)) == (1, 1)
