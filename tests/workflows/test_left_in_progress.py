"""What leaves a check in progress, and who completes it, and when: nobody's head blocks for longer than a minute and a sweep."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from bot.github.caller import Patience
from bot.standin.faults import Kind
from bot.standin.state.pulls import PullRequest
from bot.workflows.outcome import AGAIN, Outcome
from bot.workflows.perform import MAX_TRIES, Identity, Performer
from bot.workflows.sweep import Sweep
from tests.workflows.app import ENFORCE, OFFICE, WORLD, Application, plain

RUN = "/repos/acme/infra/check-runs/*"


def later(review: Application, seconds: float) -> None:
    review.scene.standin.clock.advance(seconds)
    review.moved += timedelta(seconds=seconds)


def judged(review: Application) -> PullRequest:
    """One with a verdict that stands."""
    review.scene.repo.commit(ENFORCE, by=review.scene.mona)
    pull = review.scene.repo.pull_request("open", files={"db.tf": WORLD}, by=review.scene.mona)
    review.deliver()
    assert review.check(pull)[:2] == ("completed", "failure")
    return pull


def seen(pull: PullRequest) -> tuple[int, int]:
    return len(pull.seen().threads), len(pull.seen().comments)


def without_publishing(review: Application) -> None:
    """Everything that came is begun and judged; then GitHub does not answer."""
    waiting = review.scene.standin.outbox.recorded[review.seen :]
    review.seen = len(review.scene.standin.outbox.recorded)
    for item in waiting:
        review.receive(item.guid, item.event, item.body)

    def part(name: str, function: Any, *arguments: Any) -> Any:
        return Outcome("unavailable", again=AGAIN) if name == "publish" else function(*arguments)

    performer, now = Performer(review.parts, Identity("test", "v1")), review.parts.now()
    for stored in review.parts.ledger.deliveries.release(now, stale=now, dead=()):
        performer.perform(stored.guid, plain, part)


@pytest.mark.parametrize("kind", ["502", pytest.param("timeout", marks=pytest.mark.slow)])
def test_where_github_does_not_answer_the_check_waits_for_the_next_try_and_no_longer(review: Application, kind: Kind) -> None:
    """What a loaded machine does to calls with a time limit, until all tries of one are over."""
    review.app.manner = replace(review.app.manner, patience=Patience(backoff=0.0))
    pull = judged(review)
    pull.push({"db.tf": OFFICE}, by=review.scene.mona)
    review.scene.standin.faults.add(f"PATCH {RUN}", kind=kind, times=-1, seconds=3.0)
    review.deliver()
    assert review.check(pull)[:2] == ("in_progress", None)
    review.scene.standin.faults.clear()
    assert review.perform() == []
    later(review, AGAIN + 1)
    review.perform()
    assert review.check(pull)[:2] == ("completed", "success")
    assert seen(pull) == (1, 1)


def test_what_is_changed_back_while_its_check_is_in_progress_completes_it(review: Application) -> None:
    """The second event finds everything as it was judged and shown last, but for the check that the first one began."""
    pull = judged(review)
    pull.to_draft(review.scene.mona)
    without_publishing(review)
    assert review.check(pull)[:2] == ("in_progress", None)
    pull.ready(review.scene.mona)
    review.deliver()
    assert review.check(pull)[:2] == ("completed", "failure")
    later(review, AGAIN + 1)
    assert "nothing changed" in review.perform()
    assert (review.check(pull)[:2], seen(pull)) == (("completed", "failure"), (1, 1))


def test_what_is_given_up_is_completed_by_the_sweep_and_never_as_a_pass(review: Application) -> None:
    pull = judged(review)
    pull.push({"db.tf": OFFICE, "other.tf": WORLD.replace('"db"', '"other"').replace("clients", "others")}, by=review.scene.mona)
    for _ in range(MAX_TRIES):
        without_publishing(review)
        assert review.check(pull)[:2] == ("in_progress", None)
        later(review, AGAIN * 40)
    sweep = Sweep(review.parts, "test", lambda _guid: None)
    assert [sweep.completed(), sweep.completed()] == [1, 0]
    assert review.check(pull)[:2] == ("completed", "failure")
