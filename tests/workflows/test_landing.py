"""What comes into a protected branch, merged in every way and past the check, and the rows an auditor gets of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from bot.ledger.population import Landing, Population
from tests.standin.conftest import Scene
from tests.workflows.app import ENFORCE, OFFICE, WORLD, Application

START, END = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def rows(review: Application) -> tuple[Landing, ...]:
    return Population(START, END).of(review.parts.ledger.chain.entries(review.scene.repo.id))


def told(review: Application) -> list[tuple[str, int | None, str]]:
    return [(row.standing, row.number, row.commit) for row in rows(review)]


def test_merges_of_every_kind_are_linked_to_their_pull_requests(scene: Scene, review: Application) -> None:
    scene.repo.commit(ENFORCE, by=scene.mona)
    review.deliver()
    base = rows(review)
    assert [(row.standing, row.branch) for row in base] == [("direct-push", "main")] * len(base)
    merged: list[tuple[int, str]] = []
    hows: tuple[Literal["merge", "squash", "rebase"], ...] = ("merge", "squash", "rebase")
    for number, how in enumerate(hows):
        pull = scene.repo.pull_request(how, files={f"{how}.tf": f"locals {{\n  a{number} = 1\n}}\n"}, by=scene.mona)
        review.deliver()
        merged.append((pull.number, pull.merge(scene.mona, how)))
        review.deliver()
    assert told(review)[len(base) :] == [("passed", number, commit) for number, commit in merged]
    last = rows(review)[-1]
    assert last.tree == scene.repo.commit_of(merged[-1][1]).tree
    assert (last.by, last.branch, last.conclusion) == ("mona", "main", "success")
    assert last.verdict_position is not None
    assert last.verdict_position < last.position


def test_what_went_past_the_check_comes_first_and_is_recorded_as_a_bypass(scene: Scene, review: Application) -> None:
    scene.repo.commit(ENFORCE, by=scene.mona)
    review.deliver()
    base = len(rows(review))
    fine = scene.repo.pull_request("fine", files={"a.tf": "locals {\n  a = 1\n}\n"}, by=scene.mona)
    review.deliver()
    fine.merge(scene.mona)
    review.deliver()
    wrong = scene.repo.pull_request("wrong", files={"b.tf": WORLD}, by=scene.mona)
    review.deliver()
    wrong.merge(scene.mona, "bypass")
    review.deliver()
    unseen = scene.repo.pull_request("unseen", files={"c.tf": WORLD}, by=scene.mona)
    unseen.merge(scene.mona, "bypass")
    review.deliver()
    pushed = scene.repo.commit({"d.tf": WORLD}, by=scene.mona)
    review.deliver()
    found = told(review)
    assert found[base] == ("direct-push", None, pushed)
    assert [(standing, number) for standing, number, _ in found[base + 1 :]] == [
        ("not-evaluated", unseen.number),
        ("failing", wrong.number),
        ("passed", fine.number),
    ]
    bypasses = [entry for entry in review.parts.ledger.chain.entries(scene.repo.id) if entry.kind == "bypass"]
    assert [(entry.number, entry.told["why"], entry.told["by"]) for entry in bypasses] == [
        (wrong.number, "failure", "mona"),
        (unseen.number, "not-evaluated", "mona"),
    ]
    assert review.parts.ledger.verification.verify(scene.repo.id).alterations == ()


def test_a_branch_that_nothing_protects_is_no_part_of_it(scene: Scene, review: Application) -> None:
    scene.repo.create_branch("free")
    review.deliver()
    base = len(rows(review))
    scene.repo.commit({"a.tf": OFFICE}, branch="free", by=scene.mona)
    pull = scene.repo.pull_request("open", files={"b.tf": OFFICE}, by=scene.mona, base="free")
    review.deliver()
    pull.merge(scene.mona)
    review.deliver()
    assert len(rows(review)) == base


def test_the_same_delivery_twice_is_one_row(scene: Scene, review: Application) -> None:
    pull = scene.repo.pull_request("open", files={"a.tf": OFFICE}, by=scene.mona)
    review.deliver()
    pull.merge(scene.mona)
    review.deliver(twice=True)
    assert [row.number for row in rows(review)].count(pull.number) == 1
