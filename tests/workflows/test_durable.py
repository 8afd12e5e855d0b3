"""The workflows on DBOS, on SQLite: what is received is done, after a stop as well."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from dbos import DBOS

from bot.github.webhook import Own, work
from bot.workflows.durable import Running, Workflows
from tests.standin.conftest import Scene
from tests.workflows.app import ENFORCE, WORLD, Application


@contextmanager
def started(review: Application, directory: Path, version: str = "") -> Iterator[Workflows]:
    made = Workflows(review.parts, Running(f"sqlite:///{directory}/workflows.sqlite", sweep_seconds=0.5, version=version))
    made.start()
    try:
        yield made
    finally:
        made.stop()


def send(review: Application, workflows: Workflows) -> int:
    outbox = review.scene.standin.outbox
    made, review.seen = outbox.recorded[review.seen :], len(outbox.recorded)
    own = Own(review.scene.app.id, review.scene.app.slug)
    return sum(workflows.receive(item.guid, item.event, "", work(item.event, item.body, own)) for item in made if item.event != "ping")


def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.05)


def concluded(review: Application, sha: str) -> list[tuple[str, str | None]]:
    return [(run.status, run.conclusion) for run in review.scene.standin.runs() if run.head_sha == sha]


def test_what_is_received_is_done(scene: Scene, review: Application, tmp_path: Path) -> None:
    scene.repo.commit(ENFORCE, by=scene.mona)
    pull = scene.repo.pull_request("open", files={"db.tf": WORLD}, by=scene.mona)
    with started(review, tmp_path) as workflows:
        assert send(review, workflows) > 0
        until(lambda: concluded(review, pull.head_sha) == [("completed", "failure")])
        until(lambda: not {"stored", "working", "waiting"} & set(workflows.status().counts))
        assert workflows.status().running
    assert len(pull.seen().threads) == 1


@pytest.mark.slow
def test_many_deliveries_of_one_pull_request_are_a_few_pieces_of_work(scene: Scene, review: Application, tmp_path: Path) -> None:
    scene.repo.commit(ENFORCE, by=scene.mona)
    pull = scene.repo.pull_request("open", files={"db.tf": WORLD}, by=scene.mona)
    made = [item for item in scene.standin.outbox.recorded if item.event == "pull_request"][-1]
    found = work(made.event, made.body, Own(scene.app.id, scene.app.slug))
    with started(review, tmp_path) as workflows:
        assert all(workflows.take([(f"{number}", made.event, f"{number}", found) for number in range(100)]))
        assert all(workflows.receive(f"{number}", made.event, f"{number}", found) for number in range(100, 200))
        until(lambda: concluded(review, pull.head_sha) == [("completed", "failure")])
        until(lambda: workflows.status().counts.get("done") == 200)
        assert 1 <= len(DBOS.list_workflows()) <= 10
    assert len(pull.seen().threads) == 1


@pytest.mark.slow
def test_what_failed_is_done_when_it_comes_again(scene: Scene, review: Application, tmp_path: Path) -> None:
    scene.repo.commit(ENFORCE, by=scene.mona)
    pull = scene.repo.pull_request("open", files={"db.tf": WORLD}, by=scene.mona)
    deliveries = review.parts.ledger.deliveries
    with started(review, tmp_path) as workflows:
        send(review, workflows)
        until(lambda: concluded(review, pull.head_sha) == [("completed", "failure")])
        until(lambda: not {"stored", "working", "waiting"} & set(workflows.status().counts))
        made = [item for item in scene.standin.outbox.recorded if item.event == "pull_request"][-1]
        with review.parts.ledger.database.writing() as connection:
            connection.exec_driver_sql("UPDATE deliveries SET state = 'failed', tries = 6, reason = 'unreachable'")
        assert workflows.receive(made.guid, made.event, "", work(made.event, made.body, Own(scene.app.id, scene.app.slug)))
        until(lambda: (found := deliveries.get(made.guid)) is not None and found.state == "done")


def test_what_is_old_is_tidied_away_and_a_push_is_reviewed_all_the_same(scene: Scene, review: Application, tmp_path: Path) -> None:
    scene.repo.commit(ENFORCE, by=scene.mona)
    pull = scene.repo.pull_request("open", files={"db.tf": WORLD}, by=scene.mona)
    with started(review, tmp_path) as workflows:
        send(review, workflows)
        until(lambda: concluded(review, pull.head_sha) == [("completed", "failure")])
        until(lambda: not {"stored", "working", "waiting"} & set(workflows.status().counts))
        assert workflows.tidy() == 0
        review.moved = timedelta(days=8)
        steps = workflows.tidy()
        assert steps > 0
        review.moved = timedelta(days=1101)
        assert workflows.tidy() > 0
        assert workflows.tidy() == 0
        assert review.parts.ledger.evaluations.last_published(scene.repo.id, pull.number) is None
        pull.push({"README.md": "words\n"}, by=scene.mona)
        send(review, workflows)
        until(lambda: concluded(review, pull.head_sha) == [("completed", "failure")])
    assert len(pull.seen().threads) == 1


@pytest.mark.slow
def test_what_was_begun_under_other_code_is_begun_anew(scene: Scene, review: Application, tmp_path: Path) -> None:
    scene.repo.commit(ENFORCE, by=scene.mona)
    pull = scene.repo.pull_request("open", files={"db.tf": WORLD}, by=scene.mona)
    with started(review, tmp_path, version="old") as workflows:
        scene.standin.faults.add("POST /graphql", kind="502", times=-1)
        send(review, workflows)
        until(lambda: bool({"working", "waiting"} & set(workflows.status().counts)))
    scene.standin.faults.clear()
    with started(review, tmp_path, version="new"):
        until(lambda: concluded(review, pull.head_sha) == [("completed", "failure")], seconds=90)
