"""One delivery from beginning to end. Every step is named; whoever runs them may keep their results and skip what is done."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import msgspec

from bot.github.facts import CommentRef, Work
from bot.github.refusal import Refusal
from bot.github.webhook import STATES
from bot.ledger import Stored
from bot.ledger.deliveries import ANEW
from bot.workflows.approving import Approvals, of_review
from bot.workflows.command import Commands
from bot.workflows.hearing import Answered, Hearing
from bot.workflows.landing import Landing
from bot.workflows.lapsing import Lapsing
from bot.workflows.merge_queue import MergeQueue
from bot.workflows.outcome import AGAIN, Outcome, refused
from bot.workflows.page import Looked, Parts
from bot.workflows.review import Review
from bot.workflows.spread import Spread
from bot.workflows.telling import Telling

MAX_TRIES = 6
# What a person said is not lost because GitHub does not answer for some hours: a day, at longer and longer intervals.
COMMAND_TRIES, LONGEST = 30, 3600.0
TOLD = {"answer": "react", "approve": "tell-approval"}  # step → the one that tells of it

log = logging.getLogger(__name__)
T = TypeVar("T")


class Step(Protocol):
    """Runs one step under its name and gives its result, or the result of an earlier run."""

    def __call__(self, name: str, function: Callable[..., T], *arguments: Any) -> T: ...


class Identity(msgspec.Struct, frozen=True):
    """Which process works: `executor` is stable over its restarts, `version` changes with the code of the workflows."""

    executor: str
    version: str


class _Stopped(Exception):  # noqa: N818 - the end of a piece of work
    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.word)
        self.outcome = outcome


class Performer:
    """Does what a delivery asks for. `stored` is told the name of each delivery that follows from it; the sweep would find them too."""

    def __init__(self, parts: Parts, identity: Identity, stored: Callable[[str], None] = lambda _guid: None) -> None:
        self._parts, self._identity = parts, identity
        self._review, self._queue, self._spread = Review(parts), MergeQueue(parts), Spread(parts, stored)
        hearing = Hearing(parts, self._review)
        self._commands, self._approvals = Commands(parts, hearing), Approvals(parts, hearing)
        self._telling = Telling(parts, self._review)
        self._landing, self._lapsing = Landing(parts), Lapsing(parts)

    def perform(self, guid: str, step: Step) -> str:
        """What became of it, in a word for the log."""
        taken = step("claim", self._claim, guid)
        if isinstance(taken, Outcome):
            return taken.word
        work = msgspec.msgpack.decode(taken.work, type=Work)
        try:
            outcome = self._work(taken, work, step)
        except _Stopped as stopped:
            outcome = stopped.outcome
        step("finish", self._finish, taken, outcome)
        log.info("delivery-performed", extra={"delivery": guid, "kind": work.kind, "outcome": outcome.word, "again": outcome.again})
        return outcome.word

    def _work(self, taken: Stored, work: Work, step: Step) -> Outcome:
        if work.kind == "merge-group":
            return self._merge_group(taken, work, step)
        if work.kind == "lapse":
            return _done(step, "lapse", self._lapsing.keep, work)
        if work.kind == "command":
            return self._command(taken, work, step)
        if work.kind != "review" or work.number is None:
            number = _done(step, "spread", self._spread.spread, taken, work)
            if work.landed is not None:
                _done(step, "landed", self._landing.record, taken, work)
            return Outcome(f"spread to {number}")
        return self._reviewed(taken, _done(step, "look", self._review.look, work), step)

    def _reviewed(self, taken: Stored, looked: Looked, step: Step) -> Outcome:
        run = _done(step, "begin", self._review.begin, looked, taken.guid)
        decided = _done(step, "decide", self._review.decide, looked, taken.guid)
        outcome: Outcome = step("publish", _caught, self._review.publish, looked, run, decided)
        if outcome.word == "published" and not outcome.failed:
            step("tell", _caught, self._telling.tell, looked, decided.evaluation)
        return outcome

    def _command(self, taken: Stored, work: Work, step: Step) -> Outcome:
        looked = _done(step, "look", self._review.look, work)
        heard = self._heard(taken, work, looked, step)
        if not any(answered.reviewed for answered in heard):
            return Outcome("answered" if any(answered.counts for answered in heard) else "refused")
        outcome = self._reviewed(taken, looked, step)
        also = {number for answered in heard for number in answered.also}
        return msgspec.structs.replace(outcome, also=tuple(sorted({*outcome.also, *also})))

    def _heard(self, taken: Stored, work: Work, looked: Looked, step: Step) -> tuple[Answered, ...]:
        """What the comment says, or a review by its text, and then by its state."""
        assert work.comment is not None
        ref, pull = work.comment, looked.look.pull
        ways: list[tuple[str, CommentRef, Callable[..., Answered | Outcome]]] = []
        if work.reason not in STATES.values():
            ways.append(("answer", ref, self._commands.answer))
        if ref.state in STATES:
            ways.append(("approve", of_review(ref), self._approvals.take))
        found: list[Answered] = []
        for name, place, function in ways:
            answered = step(name, _caught, function, work, looked, taken.guid)
            if isinstance(answered, Answered):
                _done(step, TOLD[name], self._commands.react, pull, place, answered)
                found.append(answered)
            elif answered.again is not None or (name == ways[-1][0] and not found):
                raise _Stopped(answered)
        return tuple(found)

    def _merge_group(self, taken: Stored, work: Work, step: Step) -> Outcome:
        run = _done(step, "begin", self._queue.begin, work, taken.guid)
        evaluation = _done(step, "decide", self._queue.decide, work, taken.guid)
        outcome: Outcome = step("publish", _caught, self._queue.publish, work, run, evaluation)
        return outcome

    def _claim(self, guid: str) -> Stored | Outcome:
        deliveries, now = self._parts.ledger.deliveries, self._parts.now()
        taken = deliveries.begin(guid, self._identity.executor, self._identity.version, now)
        if taken is None:
            return Outcome("done already")
        if taken.tries % ANEW >= _most(taken):
            log.error("delivery-failed", extra={"delivery": guid, "tries": taken.tries % ANEW, "reason": taken.reason})
            deliveries.finish(guid, "failed", taken.reason or "tried too often", now)
            return Outcome("failed", failed=True)
        if taken.tries == 0 and taken.kind == "review" and taken.number is not None:  # what was begun already is carried to its end
            return deliveries.gathered(taken, now) or Outcome("replaced")
        if taken.tries == 0 and self._destroyed(taken):
            deliveries.finish(guid, "done", "the merge group is gone", now)
            return Outcome("gone")
        return taken

    def _destroyed(self, taken: Stored) -> bool:
        """Whether the merge queue took the group away meanwhile: it makes new ones of what is left, and those wait behind it.

        https://docs.github.com/en/webhooks/webhook-events-and-payloads#merge_group
        """
        if taken.kind != "merge-group":
            return False
        head = msgspec.msgpack.decode(taken.work, type=Work).head_sha
        later = (msgspec.msgpack.decode(item.work, type=Work) for item in self._parts.ledger.deliveries.closings(taken) if item.work)
        return any(work.head_sha == head for work in later)

    def _finish(self, taken: Stored, outcome: Outcome) -> None:
        deliveries, now = self._parts.ledger.deliveries, self._parts.now()
        work = msgspec.msgpack.decode(taken.work, type=Work)
        plain = msgspec.structs.replace(work, kind="review", trigger="sweep", comment=None, pushed=False)
        self._spread.store(taken.guid, tuple(msgspec.structs.replace(plain, number=number) for number in outcome.also))
        if outcome.again is not None and taken.tries % ANEW + 1 < _most(taken):
            deliveries.postpone(taken.guid, _pause(outcome.again, taken.tries % ANEW), outcome.word, now)
        elif outcome.failed or outcome.again is not None:
            log.error("delivery-failed", extra={"delivery": taken.guid, "tries": taken.tries % ANEW + 1, "reason": outcome.word})
            deliveries.finish(taken.guid, "failed", outcome.word, now)
        else:
            deliveries.finish(taken.guid, "done", outcome.word, now)


def _most(taken: Stored) -> int:
    return COMMAND_TRIES if taken.kind == "command" else MAX_TRIES


def _pause(again: float, tries: int) -> float:
    """Twice as long each time once five tries were in vain; what GitHub asks for is never cut short."""
    return max(again, min(again * 2.0 ** max(0, tries - MAX_TRIES + 2), LONGEST))


def _done(step: Step, name: str, function: Callable[..., T | Outcome], *arguments: Any) -> T:
    found: T | Outcome = step(name, _caught, function, *arguments)
    if isinstance(found, Outcome):
        raise _Stopped(found)
    return found


def _caught(function: Callable[..., T], *arguments: Any) -> T | Outcome:
    """What GitHub refuses, and what is our fault, as an outcome: it is kept with the step, and an exception might not survive that."""
    try:
        return function(*arguments)
    except Refusal as refusal:
        return refused(refusal)
    except Exception as error:
        log.exception("step-failed")
        return Outcome(f"fault: {type(error).__name__}", again=AGAIN)
