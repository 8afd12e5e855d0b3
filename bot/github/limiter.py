"""When a request may go out: writes one after another with a distance, not too many at once, none while GitHub said "later".

https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from msgspec import Struct

FIRST_WAIT = 60.0
LONGEST_WAIT = 3600.0
EVERYTHING = ""


class Clock(Struct, frozen=True):
    """`now`: seconds since the epoch. `monotonic`: seconds that never jump. `sleep`: waits that many seconds."""

    now: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class Limiter:
    """One for each installation, shared by all threads. Writes go in the order in which they came, so no caller starves another.

    `spacing`: seconds from the end of one write to the start of the next. `concurrency`: requests on their way at the same time.
    `turn`: takes the next turn among several processes and tells the seconds until it.
    """

    def __init__(
        self, spacing: float = 1.0, concurrency: int = 10, clock: Clock | None = None, turn: Callable[[], float] = lambda: 0.0
    ) -> None:
        self.spacing = spacing
        self.clock = clock or Clock()
        self._shared_turn = turn
        self._places = threading.BoundedSemaphore(concurrency)
        self._turn = threading.Condition()
        self._queue: deque[object] = deque()
        self._next_write = float("-inf")
        self._open_at: dict[str, float] = {}
        self._unexplained = 0

    @contextmanager
    def passage(self, *, write: bool) -> Iterator[None]:
        """Waits for its turn; the request is made within."""
        if not write:
            with self._places:
                yield
            return
        with self._in_turn(), self._places:
            yield

    def closed_for(self, resource: str) -> float:
        """Seconds for which GitHub wants no request of that resource (`core`, `graphql`) from us; 0 when it does."""
        with self._turn:
            until = max(self._open_at.get(resource, float("-inf")), self._open_at.get(EVERYTHING, float("-inf")))
            return max(until - self.clock.monotonic(), 0.0)

    def close(self, seconds: float | None, resource: str = EVERYTHING) -> float:
        """GitHub refused for a limit; returns the seconds that nobody sends anything. None: it did not say how long, so at least a
        minute, and twice as long each further time in a row. `resource`: that whose hour is used up; a secondary limit is for all.
        """
        with self._turn:
            if seconds is None:
                seconds = min(FIRST_WAIT * 2**self._unexplained, LONGEST_WAIT)
                self._unexplained += 1
            self._open_at[resource] = max(self._open_at.get(resource, float("-inf")), self.clock.monotonic() + seconds)
            return seconds

    def opened(self) -> None:
        """A request went through: the limit is over."""
        with self._turn:
            self._unexplained = 0

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        mine = object()
        with self._turn:
            self._queue.append(mine)
        try:
            with self._turn:
                self._turn.wait_for(lambda: self._queue[0] is mine)
            wait = self._next_write - self.clock.monotonic()
            if wait > 0:
                self.clock.sleep(wait)
            if (wait := self._shared_turn()) > 0:
                self.clock.sleep(wait)
            try:
                yield
            finally:
                self._next_write = self.clock.monotonic() + self.spacing
        finally:
            with self._turn:
                self._queue.remove(mine)
                self._turn.notify_all()
