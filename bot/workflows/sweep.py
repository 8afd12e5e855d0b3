"""What nobody waits for any more, found and taken up: at start, and every minute by one process of all."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, timedelta

from msgspec import msgpack

from bot.github.facts import CheckRun, RepositoryRef, Work
from bot.github.refusal import Refusal
from bot.ledger import Run
from bot.report.publication import Publication
from bot.report.publish import Context, failed
from bot.workflows.lapsing import SCOPE, may_lapse
from bot.workflows.page import Parts
from bot.workflows.recording import witnessed
from bot.workflows.spread import delivery_of

LEASE_SECONDS = 55.0
ALIVE_SECONDS = 90.0
STALE = timedelta(seconds=30)
# A first review takes eight requests; a third of 5,000 an hour is 27 a minute.
BACKGROUND = 3
EXECUTOR = "executor:"

log = logging.getLogger(__name__)


class Sweep:
    """`enqueue` takes the name of a delivery; `missed` receives what GitHub lists and we never got."""

    def __init__(self, parts: Parts, executor: str, enqueue: Callable[[str], None], missed: Callable[[], int] | None = None) -> None:
        self._parts, self._executor, self._enqueue, self._missed = parts, executor, enqueue, missed

    def alive(self) -> None:
        """Says that this process lives."""
        self._parts.ledger.leases.take(f"{EXECUTOR}{self._executor}", self._executor, ALIVE_SECONDS, self._parts.now())

    def gone(self) -> None:
        """Says that it ends in order."""
        self._parts.ledger.leases.free(f"{EXECUTOR}{self._executor}", self._executor)

    def once(self) -> bool:
        """Sweeps, unless another process does it now."""
        if not self._parts.ledger.leases.take("sweep", self._executor, LEASE_SECONDS, self._parts.now()):
            return False
        for part in (self.released, self.background, self.expired, self.overdue, self.lapsing, self.completed, self.found):
            try:
                number = part()
            except Exception:
                log.exception("sweep-failed", extra={"part": part.__name__})
            else:
                if number:
                    log.info("swept", extra={"part": part.__name__, "number": number})
        return True

    def released(self) -> int:
        """Work that was stored and never begun, that waited long enough, or whose process died."""
        ledger, now = self._parts.ledger, self._parts.now()
        dead = ledger.deliveries.executors() - ledger.leases.held(EXECUTOR, now) - {self._executor}
        released = ledger.deliveries.release(now, stale=now - STALE, dead=tuple(sorted(dead)))
        for item in released:
            self._enqueue(item.guid)
        return len(released)

    def background(self) -> int:
        """A little of what can wait, so that a first day uses less than a third of each installation's requests."""
        chosen = self._parts.ledger.deliveries.background(BACKGROUND, self._parts.now())
        for item in chosen:
            self._enqueue(item.guid)
        return len(chosen)

    def expired(self) -> int:
        """Verdicts whose time has come, evaluated again."""
        ledger, now = self._parts.ledger, self._parts.now()
        ended = ledger.evaluations.expired(now)
        for item in ended:
            place = (item.installation_id, item.repository_id, item.repository)
            work = Work("review", "expiry", *place, number=item.number, head_sha=item.head, base_ref=item.base_ref)
            guid = f"expiry/{item.id}"
            if ledger.deliveries.store(delivery_of(guid, "expiry", work), now):
                self._enqueue(guid)
        return len(ended)

    def overdue(self) -> int:
        """Questions that nobody answered in time: the pull request is looked at again, and those who may answer are told."""
        ledger, now = self._parts.ledger, self._parts.now()
        found = ledger.requests.due(now - self._parts.remind) if self._parts.remind is not None else ()
        for item in found:
            place = (item.installation_id, item.repository_id, item.repository)
            work = Work("review", "expiry", *place, number=item.number)
            guid = f"overdue/{item.repository_id}.{item.number}/{item.category}/{'fallback' if item.reminded_at else 'reminder'}"
            if ledger.deliveries.store(delivery_of(guid, "overdue", work), now):
                self._enqueue(guid)
        return len(found)

    def lapsing(self) -> int:
        """Once a day (UTC): each repository where something may lapse, to be told of in its issue. Nobody waits for that."""
        ledger, now = self._parts.ledger, self._parts.now()
        day = now.astimezone(UTC).date().isoformat()
        if ledger.places.valid(SCOPE) == day.encode():
            return 0
        found = [place for place in ledger.places.all() if may_lapse(ledger, place[0])]
        for repository_id, installation_id, name in found:
            work = Work("lapse", "expiry", installation_id, repository_id, name)
            ledger.deliveries.store(delivery_of(f"lapse/{repository_id}/{day}", "lapse", work, background=True), now)
        ledger.places.keep(SCOPE, day.encode(), now)
        return len(found)

    def completed(self) -> int:
        """Check runs in progress of which nobody thinks any more: they would block for ever."""
        orphaned = self._parts.ledger.runs.orphaned()
        for run in orphaned:
            try:
                self._complete(run)
            except Refusal as refusal:
                if refusal.passing:
                    raise
                log.warning("run-left", extra={"reason": refusal.kind})
            self._parts.ledger.runs.completed(run.repository_id, run.head, run.name, self._parts.now(), run.guid)
        return len(orphaned)

    def found(self) -> int:
        """Deliveries that GitHub has and we have not."""
        return self._missed() if self._missed else 0

    def _complete(self, run: Run) -> None:
        repository = RepositoryRef(run.repository_id, run.repository, run.installation_id)
        publisher = self._parts.installations.publisher(run.installation_id)
        begun = CheckRun(run.run_id, run.name, run.head, "in_progress", None, run.guid)
        if not run.run_id:
            begun = publisher.begin(repository, run.head, run.name, run.guid)
        publisher.complete(repository, begun, self._conclusion(run), self._parts.now())

    def _conclusion(self, run: Run) -> Publication:
        """The verdict on this head when there is one, else that we failed: never a pass."""
        evaluations = self._parts.ledger.evaluations
        found = evaluations.latest(run.repository_id, run.head, evaluations.numbers(run.repository_id, run.head))
        for item in found.values():
            if item.check_name == run.name:
                return witnessed(self._parts, run.repository_id, item.id, msgpack.decode(item.check, type=Publication))
        words = self._parts.words
        return failed(words.phrases.say("died.exception"), Context(check_name=run.name, head=run.head), words)
