"""What a hold does to a running App: open pull requests are looked at again, and their checks say so."""

from __future__ import annotations

from bot.cli.hold import look_again
from tests.standin.conftest import Scene
from tests.workflows.app import ENFORCE, WORLD, Application

RULE = "database-port-open-to-world"


def test_a_hold_reaches_an_open_pull_request_and_its_end_too(scene: Scene, review: Application) -> None:
    scene.repo.commit(ENFORCE, message="Enforce", by=scene.mona)
    review.deliver()
    pull = scene.repo.pull_request("open", files={"db.tf": WORLD}, by=scene.mona)
    review.deliver()
    assert review.check(pull)[1] == "failure"
    ledger, now = review.parts.ledger, review.parts.now
    hold(review, placed=True)
    assert review.check(pull) == ("completed", "neutral", "Observing: would block on 1 violation")
    (run,) = (run for run in scene.standin.runs() if run.name == "countersign" and run.head_sha == pull.head_sha)
    assert f"The operator holds `{RULE}` since" in (run.summary or "")
    assert [item.rule for item in ledger.holds.in_force(now())] == [RULE]
    hold(review, placed=False)
    assert review.check(pull)[1] == "failure"


def hold(review: Application, *, placed: bool) -> None:
    """As the command does it, in the App's own record."""
    ledger, now = review.parts.ledger, review.parts.now()
    number = ledger.holds.place(RULE, "noisy", None, now) if placed else 0
    assert placed or ledger.holds.release(RULE, now)
    assert look_again(ledger, f"hold/{number}/{now:%H%M%S%f}", now) == 1
    review.perform()
