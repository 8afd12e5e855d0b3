"""The whole App against a server that offers less than GitHub does: what a person sees is the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.confine import Supervisor
from tests.github.modest import modest
from tests.standin.conftest import Scene
from tests.workflows.app import ENFORCE, OFFICE, WORLD, Application, application

ABSENT = (404, '{"message": "Not Found"}')
FORBIDDEN = (403, '{"message": "Resource not accessible by integration"}')
STRANGE = (200, '{"errors": [{"message": "Field \'reviewThreads\' doesn\'t exist", "type": "undefinedField"}]}')


@contextmanager
def without(scene: Scene, place: Path, supervisor: Supervisor, graphql: tuple[int, str] = ABSENT) -> Iterator[Application]:
    with modest(scene.standin.api, *graphql) as url:
        made = application(scene, place, supervisor, url)
        yield made
        made.app.close()
        made.parts.ledger.close()


OTHERS = {"501": (501, ""), "405": (405, "<html>"), "no-data": (200, '{"data": {}}'), "other": STRANGE, "403": FORBIDDEN}


@pytest.mark.parametrize("graphql", [ABSENT, *(pytest.param(value, id=name, marks=pytest.mark.slow) for name, value in OTHERS.items())])
def test_a_pull_request_is_stopped_and_its_fix_is_clean(
    scene: Scene, tmp_path: Path, supervisor: Supervisor, graphql: tuple[int, str]
) -> None:
    scene.repo.commit(ENFORCE, by=scene.mona)
    with without(scene, tmp_path, supervisor, graphql) as review:
        pull = scene.repo.pull_request("open", files={"db.tf": WORLD, "deep/er/a.tf": "locals {}\n"}, by=scene.mona)
        review.deliver()
        assert review.check(pull) == ("completed", "failure", "Your turn: fix 1 violation")
        assert [(thread.path, thread.line, len(thread.comments)) for thread in pull.seen().threads] == [("db.tf", 11, 1)]
        assert len(pull.seen().comments) == 1
        review.deliver(twice=True)
        pull.push({"db.tf": OFFICE}, by=scene.mona)
        review.deliver()
        assert review.check(pull)[1] == "success"
        assert "**Fixed in" in pull.seen().threads[0].comments[0].body
        assert (len(pull.seen().threads), len(pull.seen().comments)) == (1, 1)


@pytest.mark.slow
def test_what_governs_comes_from_the_organisation_too(scene: Scene, tmp_path: Path, supervisor: Supervisor) -> None:
    scene.org.repository(".github", files={"countersign/config.yml": "version: 1\nlevel: enforce\n", "countersign/rules/a/b.txt": "x"})
    with without(scene, tmp_path, supervisor) as review:
        pull = scene.repo.pull_request("open", files={"db.tf": WORLD}, by=scene.mona)
        review.deliver()
        assert review.check(pull)[1] == "failure"


def test_an_organisation_that_may_not_be_read_is_told_of_and_does_not_keep_the_check_away(
    scene: Scene, tmp_path: Path, supervisor: Supervisor
) -> None:
    scene.repo.commit(ENFORCE, by=scene.mona)
    scene.org.repository(".github", files={"countersign/config.yml": "version: 1\nlevel: enforce\n"})
    with without(scene, tmp_path, supervisor) as review:
        scene.standin.faults.add("GET /repos/acme/.github*", kind="403", times=-1)
        pull = scene.repo.pull_request("open", files={"db.tf": WORLD}, by=scene.mona)
        review.deliver()
        assert review.check(pull) == ("completed", "failure", "Countersign failed; your change is not the cause")


@pytest.mark.slow
def test_a_push_of_policy_reaches_every_open_pull_request(scene: Scene, tmp_path: Path, supervisor: Supervisor) -> None:
    with without(scene, tmp_path, supervisor) as review:
        pulls = [scene.repo.pull_request(f"open-{number}", files={f"db-{number}.tf": WORLD}, by=scene.mona) for number in range(3)]
        review.deliver()
        assert {review.check(pull)[1] for pull in pulls} == {"neutral"}
        scene.repo.commit(ENFORCE, by=scene.mona)
        review.deliver()
        assert {review.check(pull)[1] for pull in pulls} == {"failure"}


def test_a_marker_that_a_person_pasted_is_not_ours(scene: Scene, tmp_path: Path, supervisor: Supervisor) -> None:
    scene.repo.commit(ENFORCE, by=scene.mona)
    with without(scene, tmp_path, supervisor) as review:
        pull = scene.repo.pull_request("open", files={"db.tf": WORLD}, by=scene.mona)
        review.deliver()
        pasted = pull.seen().comments[0].body
        pull.comment(scene.mona, pasted)
        pull.push({"db.tf": OFFICE}, by=scene.mona)
        review.deliver()
        assert [comment.body == pasted for comment in pull.seen().comments] == [False, True]


def test_full_pages_without_links_are_followed(scene: Scene, tmp_path: Path, supervisor: Supervisor) -> None:
    with without(scene, tmp_path, supervisor) as review:
        for number in range(7):
            scene.pull.comment(scene.mona, f"{number}")
        path = "/repos/acme/infra/issues/1/comments"
        found = review.app.gateway(scene.installation.id).pages(path, {"per_page": 3})
        assert [item["body"] for item in found] == list("0123456")
