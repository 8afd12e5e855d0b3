"""Deliveries doubled, shuffled and lost: every open head ends with one completed check of the right verdict, and no comment twice."""

from __future__ import annotations

import random

import pytest

from tests.standin.conftest import Scene
from tests.workflows.app import ENFORCE, OFFICE, WORLD, Application

PULLS = 90


@pytest.mark.slow
def test_a_thousand_deliveries_in_disorder(scene: Scene, review: Application) -> None:
    chance = random.Random(5)  # noqa: S311 - reproducible, not secret
    scene.repo.commit(ENFORCE, by=scene.mona)
    outbox, pulls = scene.standin.outbox, []
    for number in range(PULLS):
        pull = scene.repo.pull_request(f"change-{number}", files={f"db-{number}.tf": WORLD}, by=scene.mona)
        pulls.append((number, pull))
    for number, pull in chance.sample(pulls, PULLS // 2):
        pull.push({f"db-{number}.tf": OFFICE}, by=scene.mona)
        pull.push({f"db-{number}.tf": chance.choice((OFFICE, WORLD))}, by=scene.mona)
    sent = 0
    while waiting := outbox.recorded[review.seen :]:
        review.seen = len(outbox.recorded)
        given = [*waiting, *chance.sample(waiting, len(waiting) // 5)]
        chance.shuffle(given)
        for item in given:
            if item.event != "ping" and chance.random() > 0.05:
                review.receive(item.guid, item.event, item.body)
                sent += 1
        review.perform()
    listed = [item for item in outbox.recorded if item.event != "ping"]
    missed = {item.guid for item in listed} - review.parts.ledger.deliveries.known(tuple(item.guid for item in listed))
    for item in listed:
        if item.guid in missed:
            review.receive(item.guid, item.event, item.body)
    review.perform()
    assert sent + len(missed) >= 1000
    assert missed
    for number, pull in pulls:
        wanted = "failure" if scene.repo.read(f"db-{number}.tf", pull.head_sha) == WORLD.encode() else "success"
        assert review.check(pull)[:2] == ("completed", wanted), number
        assert len(pull.seen().comments) <= 1
        assert [thread.path for thread in pull.seen().threads] in ([], [f"db-{number}.tf"])
