"""A pull request that changes our own files, and what it says of the verdicts that were given before it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from bot.cli import resources
from bot.ledger.schema import snapshots
from bot.workflows import Shipped
from tests.standin.conftest import Scene
from tests.workflows.app import ENFORCE, OFFICE, WORLD, Application, signals

RULES = ("database-port-open-to-world.yaml", "guard-file-changed.yaml")
LAX = "level: enforce\nrules:\n  database-port-open-to-world: {disposition: advice}\n"
OBSERVE = {".github/countersign.yml": "version: 1\nlevel: observe\n"}


def test_the_question_says_which_of_the_last_verdicts_would_differ(scene: Scene, review: Application) -> None:
    """The open one would not fail any more, the others pass as before; what the last was made from is gone.

    The change itself is judged under what is in force. The scene begins with a pull request of its own.
    """
    rules = {path: data for path, data in resources.rules().items() if path.rpartition("/")[2] in RULES}
    review.parts = replace(review.parts, shipped=Shipped(rules, signals=signals()))
    scene.repo.commit(ENFORCE, by=scene.mona)
    texts = {"open": WORLD, "office": OFFICE, "lost": WORLD}
    open_one, _, third = (scene.repo.pull_request(name, files={f"{name}/db.tf": text}, by=scene.mona) for name, text in texts.items())
    review.deliver()
    ledger = review.parts.ledger
    with ledger.database.writing() as connection:
        (lost,) = (item.id for item in ledger.evaluations.judged_last(scene.repo.id, 0, 20) if item.number == third.number)
        connection.execute(sa.delete(snapshots).where(snapshots.c.evaluation == lost))
    pull = scene.repo.pull_request("lenient", files={**OBSERVE, "again/db.tf": WORLD}, by=scene.mona)
    review.deliver()
    (run,) = [run for run in scene.standin.runs() if run.head_sha == pull.head_sha]
    said = (run.summary or "").replace("\u200b", "").replace("\\", "")
    assert run.conclusion == "failure"
    assert f"Of the last 3 verdicts 1 would differ: `#{open_one.number} failure → neutral`." in said
    assert "Not known of 1 verdict: what it was made from is not kept." in said
    assert "would do less" in said
    again = ledger.evaluations.last_published(scene.repo.id, pull.number)
    assert again is not None
    kept = ledger.snapshots.record(again.id)
    assert kept is not None
    assert kept.snapshot.trial.tried[0].number == third.number  # type: ignore[union-attr]  # a trial was made


@pytest.mark.slow
def test_what_governs_nothing_tries_nothing_and_what_governs_all_names_no_other_repository(scene: Scene, review: Application) -> None:
    rules = {path: data for path, data in resources.rules().items() if path.rpartition("/")[2] in RULES}
    review.parts = replace(review.parts, shipped=Shipped(rules, signals=signals()))
    scene.repo.commit(ENFORCE, by=scene.mona)
    scene.repo.protect("release")
    scene.repo.commit(ENFORCE, branch="release", by=scene.mona)
    review.deliver()
    other = scene.repo.pull_request("open", files={"db.tf": WORLD}, by=scene.mona)
    pull = scene.repo.pull_request("lenient", files=OBSERVE, by=scene.mona, base="release")
    organisation = scene.org.repository(".github", files={"countersign/config.yml": "level: enforce\n"})
    governing = organisation.pull_request("all", files={"countersign/config.yml": LAX}, by=scene.mona)
    review.deliver()
    said = {run.head_sha: (run.summary or "").replace("\\", "") for run in scene.standin.runs()}
    assert "would differ" not in said[other.head_sha]
    assert "this is not the default branch" in said[pull.head_sha]
    assert "Of the last 3 verdicts 1 would differ: `failure → success (1)`." in said[governing.head_sha]


def test_a_merge_group_says_so_too_of_a_change_that_it_merges(scene: Scene, review: Application) -> None:
    """The verdicts of the pull request that it is named after are left out, as they are on the pull request itself."""
    rules = {path: data for path, data in resources.rules().items() if path.rpartition("/")[2] in RULES}
    review.parts = replace(review.parts, shipped=Shipped(rules, signals=signals()))
    scene.repo.commit(ENFORCE, by=scene.mona)
    open_one = scene.repo.pull_request("open", files={"db.tf": WORLD}, by=scene.mona)
    pull = scene.repo.pull_request("lenient", files=OBSERVE, by=scene.mona)
    review.deliver()
    group = scene.repo.merge_group([pull])
    review.deliver()
    (run,) = [run for run in scene.standin.runs() if run.head_sha == group.head_sha]
    said = (run.summary or "").replace("\u200b", "").replace("\\", "")
    assert run.conclusion == "action_required"
    assert f"Of the last 2 verdicts 1 would differ: `#{open_one.number} failure → neutral`." in said
