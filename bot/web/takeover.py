"""What the door has kept, taken over into the ledger: in batches, and begun soon after."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from threading import Event, Thread
from typing import Literal, TypeAlias

from bot.web.inbox import Inbox, Kept

BATCH = 50
# A notice of the door may be lost with it, and the ledger may have been away.
LOOK_SECONDS = 1.0
# Between two looks: a batch costs little more than one delivery, and each look keeps the door from writing for a moment.
PAUSE_SECONDS = 0.03

Outcome: TypeAlias = Literal["stored", "known", "ignored"]
# Stores all of them in one transaction, and lets them be worked on.
Store: TypeAlias = Callable[[Sequence[Kept]], Sequence[Outcome]]
Count: TypeAlias = Callable[[str, Outcome], None]

log = logging.getLogger(__name__)


class Takeover:
    """A thread that looks when it is woken, and every second. `count` is told event and outcome of each."""

    def __init__(self, inbox: Inbox, store: Store, count: Count) -> None:
        self._inbox, self._store, self._count = inbox, store, count
        self._woken, self._stopping = Event(), Event()
        self._thread = Thread(target=self._run, name="takeover", daemon=True)

    def start(self) -> None:
        """Looks from now on; what an earlier process left is taken first."""
        self._thread.start()

    def wake(self) -> None:
        """There is something."""
        self._woken.set()

    def stop(self, seconds: float) -> None:
        """Ends after a last look."""
        self._stopping.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def look(self) -> int:
        """Takes over what is there; how many. One that cannot be stored stays, and holds up no other."""
        after, taken = 0, 0
        while kept := self._inbox.first(after, BATCH):
            done = self._taken(kept) or self._one_by_one(kept)
            if not done:
                break
            self._inbox.taken([item.id for item in done])
            after, taken = kept[-1].id, taken + len(done)
        return taken

    def _one_by_one(self, kept: Sequence[Kept]) -> Sequence[Kept]:
        """Those that can be stored; where the first two cannot, nothing can now."""
        done: list[Kept] = []
        for number, item in enumerate(kept):
            done += self._taken([item])
            if number == 1 and not done:
                break
        return done

    def _taken(self, kept: Sequence[Kept]) -> Sequence[Kept]:
        try:
            outcomes = self._store(kept)
        except Exception:
            log.exception("takeover-failed", extra={"deliveries": [item.guid for item in kept]})
            return ()
        for item, outcome in zip(kept, outcomes, strict=True):
            self._count(item.event, outcome)
            log.info("delivery-received", extra={"delivery": item.guid, "github_event": item.event, "outcome": outcome})
        return kept

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.wait(LOOK_SECONDS)
            self._woken.clear()
            self._looked()
            self._stopping.wait(PAUSE_SECONDS)
        self._looked()

    def _looked(self) -> None:
        try:
            self.look()
        except Exception:  # the next look begins anew; a thread that ends would keep everything waiting
            log.exception("takeover-failed")
            self._stopping.wait(LOOK_SECONDS)
