"""One delivery from beginning to end, in steps and parts, each with a name.

What a step gives is kept, and a process that carries the work on skips it; so a step holds what must not be found anew half-way: what
was claimed with what was seen then, and a verdict with the check run that it is for. What comes after it may be done again at any time
without a trace (docs/decisions/0018), and is not kept: to keep it costs two transactions.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import msgspec

from bot.github.facts import CheckRun, CommentRef, Work
from bot.github.refusal import Refusal
from bot.github.webhook import STATES
from bot.ledger import Stored
from bot.ledger.arriving import ANEW
from bot.workflows.approving import Approvals, of_review
from bot.workflows.command import Commands
from bot.workflows.hearing import Answered, Hearing
from bot.workflows.landing import Landing
from bot.workflows.lapsing import Lapsing
from bot.workflows.merge_queue import MergeQueue
from bot.workflows.outcome import AGAIN, Outcome, refused
from bot.workflows.page import Looked, Parts
from bot.workflows.review import Decided, Review
from bot.workflows.spread import Spread
from bot.workflows.telling import Telling

MAX_TRIES = 6
# What a person said is not lost because GitHub does not answer for some hours: a day, at longer and longer intervals.
COMMAND_TRIES, LONGEST = 30, 3600.0
TOLD = {"answer": "react", "approve": "tell-approval"}  # step → the one that tells of it

log = logging.getLogger(__name__)
T = TypeVar("T")


class Step(Protocol):
    """Runs one step under its name and gives its result, or the result of an earlier run; or runs a part under its name."""

    def __call__(self, name: str, function: Callable[..., T], *arguments: Any) -> T: ...


class Identity(msgspec.Struct, frozen=True):
    """Which process works: `executor` is stable over its restarts, `version` changes with the code of the workflows."""

    executor: str
    version: str

    @property
    def words(self) -> tuple[str, str]:
        """Both."""
        return self.executor, self.version


class _Stopped(Exception):  # noqa: N818 - the end of a piece of work
    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.word)
        self.outcome = outcome


class _Run(msgspec.Struct, frozen=True):
    """`step` and `part` of one piece of work."""

    step: Step
    part: Step

    def kept(self, name: str, function: Callable[..., T | Outcome], *arguments: Any) -> T:
        """One step that is one part; what it refuses ends the work."""
        found: T | Outcome = self.step(name, self.part, name, _caught, function, *arguments)
        return _going_on(found)

    def together(self, name: str, function: Callable[..., T | Outcome], *arguments: Any) -> T:
        """One step of several parts: the function is given `part` last."""
        found: T | Outcome = self.step(name, _caught, function, *arguments, self.part)
        return _going_on(found)


def _going_on(found: T | Outcome) -> T:
    if isinstance(found, Outcome):
        raise _Stopped(found)
    return found


class Performer:
    """Does what a delivery asks for. `stored` is told the name of each delivery that follows from it; the sweep would find them too."""

    def __init__(self, parts: Parts, identity: Identity, stored: Callable[[str], None] = lambda _guid: None) -> None:
        self._parts, self._identity = parts, identity
        self._review, self._queue, self._spread = Review(parts), MergeQueue(parts), Spread(parts, stored)
        hearing = Hearing(parts, self._review)
        self._commands, self._approvals = Commands(parts, hearing), Approvals(parts, hearing)
        self._telling = Telling(parts, self._review)
        self._landing, self._lapsing = Landing(parts), Lapsing(parts)

    def perform(self, guid: str, step: Step, part: Step) -> str:
        """What became of it, in a word for the log. `step` keeps what it gives; `part` is told of."""
        taken, first = step("claim", self._first, guid, part)
        if isinstance(taken, Outcome):
            return taken.word
        work = msgspec.msgpack.decode(taken.work, type=Work)
        try:
            outcome = self._work(taken, work, first, _Run(step, part))
        except _Stopped as stopped:
            outcome = stopped.outcome
        part("finish", self._finish, taken, outcome)
        log.info("delivery-performed", extra={"delivery": guid, "kind": work.kind, "outcome": outcome.word, "again": outcome.again})
        return outcome.word

    def _first(self, guid: str, part: Step) -> tuple[Stored | Outcome, Looked | Outcome | None]:
        """What is claimed, and for a pull request how it looks: together, so that nothing that came after the look is done with it."""
        taken = part("claim", self._claim, guid)
        if isinstance(taken, Outcome):
            return taken, None
        work = msgspec.msgpack.decode(taken.work, type=Work)
        looks = work.kind == "command" or (work.kind == "review" and work.number is not None)
        return taken, part("look", _caught, self._review.look, work) if looks else None

    def _work(self, taken: Stored, work: Work, first: Looked | Outcome | None, run: _Run) -> Outcome:
        if work.kind == "merge-group":
            begun, evaluation = run.together("decide", self._group_decided, work, taken.guid)
            outcome: Outcome = run.part("publish", _caught, self._queue.publish, work, begun, evaluation)
            return outcome
        if work.kind == "lapse":
            return run.kept("lapse", self._lapsing.keep, work)
        if isinstance(first, Outcome):
            return first
        if work.kind == "command":
            assert first is not None
            return self._command(taken, work, first, run)
        if first is not None:
            return self._reviewed(taken, first, run)
        number = run.kept("spread", self._spread.spread, taken, work)
        if work.landed is not None:
            run.kept("landed", self._landing.record, taken, work)
        return Outcome(f"spread to {number}")

    def _reviewed(self, taken: Stored, looked: Looked, run: _Run) -> Outcome:
        begun, decided = run.together("decide", self._decided, looked, taken.guid)
        outcome: Outcome = run.part("publish", _caught, self._review.publish, looked, begun, decided)
        if outcome.word == "published" and not outcome.failed:
            run.part("tell", _caught, self._telling.tell, looked, decided.evaluation)
        return outcome

    def _decided(self, looked: Looked, guid: str, part: Step) -> tuple[CheckRun, Decided]:
        begun = part("begin", self._review.begin, looked, guid)
        return begun, part("decide", self._review.decide, looked, guid)

    def _group_decided(self, work: Work, guid: str, part: Step) -> tuple[CheckRun, int]:
        begun = part("begin", self._queue.begin, work, guid)
        return begun, part("decide", self._queue.decide, work, guid)

    def _command(self, taken: Stored, work: Work, looked: Looked, run: _Run) -> Outcome:
        heard = self._heard(taken, work, looked, run)
        if not any(answered.reviewed for answered in heard):
            return Outcome("answered" if any(answered.counts for answered in heard) else "refused")
        outcome = self._reviewed(taken, looked, run)
        also = {number for answered in heard for number in answered.also}
        return msgspec.structs.replace(outcome, also=tuple(sorted({*outcome.also, *also})))

    def _heard(self, taken: Stored, work: Work, looked: Looked, run: _Run) -> tuple[Answered, ...]:
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
            answered = run.step(name, run.part, name, _caught, function, work, looked, taken.guid)
            if isinstance(answered, Answered):
                run.kept(TOLD[name], self._commands.react, pull, place, answered)
                found.append(answered)
            elif answered.again is not None or (name == ways[-1][0] and not found):
                raise _Stopped(answered)
        return tuple(found)

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
            deliveries.postpone(taken.guid, _pause(outcome.again, taken.tries % ANEW), outcome.word, now, taken.tries + 1)
        elif outcome.failed or outcome.again is not None:
            log.error("delivery-failed", extra={"delivery": taken.guid, "tries": taken.tries % ANEW + 1, "reason": outcome.word})
            deliveries.finish(taken.guid, "failed", outcome.word, now, taken.tries + 1)
        else:
            deliveries.finish(taken.guid, "done", outcome.word, now, taken.tries + 1)


def _most(taken: Stored) -> int:
    return COMMAND_TRIES if taken.kind == "command" else MAX_TRIES


def _pause(again: float, tries: int) -> float:
    """Twice as long each time once five tries were in vain; what GitHub asks for is never cut short."""
    return max(again, min(again * 2.0 ** max(0, tries - MAX_TRIES + 2), LONGEST))


def _caught(function: Callable[..., T], *arguments: Any) -> T | Outcome:
    """What GitHub refuses, and what is our fault, as an outcome: it is kept with the step, and an exception might not survive that."""
    try:
        return function(*arguments)
    except Refusal as refusal:
        return refused(refusal)
    except Exception as error:
        log.exception("step-failed")
        return Outcome(f"fault: {type(error).__name__}", again=AGAIN)
