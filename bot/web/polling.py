"""Deliveries that did not reach us, or have no address to come to: listed and fetched from GitHub, taken in once, through the same door.

https://docs.github.com/en/rest/apps/webhooks#list-deliveries-for-an-app-webhook
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Thread
from time import monotonic

from bot.github.deliveries import Attempt, content, listed
from bot.github.gateway import InstallationGateway
from bot.github.refusal import Refusal
from bot.github.webhook import Malformed
from bot.web.condition import Part
from bot.web.door import Arrived, Door

# What GitHub keeps at most, so that nothing is missed after a stop; then an overlap, because the list fills up out of order.
FIRST, OVERLAP = timedelta(days=7), timedelta(minutes=10)
LONGEST = 60.0
LATE = 120.0
REMEMBERED = 10_000

log = logging.getLogger(__name__)


class Polling:
    """Looks when asked, and every `seconds` once it is started.

    `known`: those of the given GUIDs that are stored already. `now`: an aware time.
    """

    def __init__(
        self,
        as_app: InstallationGateway,
        door: Door,
        known: Callable[[tuple[str, ...]], frozenset[str]],
        seconds: float,
        now: Callable[[], datetime],
    ) -> None:
        self._as_app, self._door, self._known, self._seconds, self._now = as_app, door, known, max(seconds, 0.05), now
        self._since: datetime | None = None
        self._settled: deque[str] = deque(maxlen=REMEMBERED)
        self._stopping = Event()
        self._looked = monotonic()
        self._thread = Thread(target=self._run, name="polling", daemon=True)

    def start(self) -> None:
        """Looks from now on."""
        self._thread.start()

    def stop(self, seconds: float = 10.0) -> None:
        """Ends after the delivery that is being taken in."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def condition(self) -> Part:
        """Whether the last look is recent."""
        ago = monotonic() - self._looked
        return Part(self._thread.is_alive() and ago < LATE + self._seconds, f"last look {ago:.0f} s ago")

    def look(self) -> int:
        """Takes in what is new, oldest first; how many. Raises `Refusal`."""
        begun = self._now()
        attempts = {one.guid: one for one in listed(self._as_app, self._since - OVERLAP if self._since else begun - FIRST)}
        there = self._known(tuple(attempts)) | set(self._settled)
        new = sorted((one for one in attempts.values() if one.guid not in there), key=lambda one: (one.delivered_at, one.id))
        taken = sum(self._taken(attempt) for attempt in new if not self._stopping.is_set())
        self._since, self._looked = begun, monotonic()
        return taken

    def _taken(self, attempt: Attempt) -> bool:
        try:
            found = content(self._as_app, attempt)
            outcome = self._door.receive(Arrived(found.guid, found.event, found.body))
        except Malformed as error:
            log.warning("delivery-malformed", extra={"delivery": attempt.guid, "reason": str(error)})
        except Refusal as refusal:
            if refusal.passing:
                raise
            log.warning("delivery-gone", extra={"delivery": attempt.guid, "kind": refusal.kind})
        else:
            log.info("delivery-fetched", extra={"delivery": attempt.guid, "github_event": attempt.event, "outcome": outcome})
            if outcome != "known":
                return True
        self._settled.append(attempt.guid)  # never stored under this GUID, so the ledger does not tell next time
        return False

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            wait = self._seconds
            try:
                self.look()
                failures = 0
            except Refusal as refusal:
                failures += 1
                wait = max(refusal.retry_after or 0.0, min(LONGEST, self._seconds * 2**failures))
                log.warning("polling-refused", extra={"kind": refusal.kind, "wait": wait})
            except Exception:  # the next look begins anew; a thread that ends would stop the service silently
                failures += 1
                wait = min(LONGEST, self._seconds * 2**failures)
                log.exception("polling-failed")
            self._stopping.wait(wait)
