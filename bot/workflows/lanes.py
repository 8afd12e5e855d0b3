"""What waits to be begun in this process, in lanes: one piece of work of a lane at a time, the lanes in turn.

https://en.wikipedia.org/wiki/Fair_queuing
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Hashable
from threading import Condition
from time import monotonic


class Lanes:
    """Safe to share between threads. `most`: pieces of work at once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._changed = Condition()
        self._waiting: OrderedDict[Hashable, deque[str]] = OrderedDict()  # of lanes where nothing runs and something waits, in turn
        self._held: dict[Hashable, deque[str]] = {}  # of lanes where something runs, or that are put off
        self._running: dict[str, Hashable] = {}
        self._known: set[str] = set()
        self._later: deque[tuple[float, Hashable]] = deque()

    def put(self, name: str, lane: Hashable) -> None:
        """At the end of its lane; nothing where it waits or runs already."""
        with self._changed:
            if name in self._known:
                return
            self._known.add(name)
            held = self._held.get(lane)
            (self._waiting.setdefault(lane, deque()) if held is None else held).append(name)
            self._changed.notify()

    def next(self, seconds: float) -> str | None:
        """The next piece of work, of the lane whose turn it is: it runs until `done`. None where there is none for that long."""
        end = monotonic() + seconds
        with self._changed:
            while (left := self._left(end)) > 0 and not self._is_free():
                self._changed.wait(left)
            if not self._is_free():
                return None
            lane, names = self._waiting.popitem(last=False)
            self._held[lane] = names
            name = names.popleft()
            self._running[name] = lane
            return name

    def done(self, name: str) -> None:
        """It ended; the lane has its next turn behind the others. Nothing for what does not run here."""
        with self._changed:
            lane = self._running.pop(name, None)
            if lane is not None:
                self._known.discard(name)
                self._reopened(lane)
                self._changed.notify()

    def put_off(self, name: str, seconds: float) -> None:
        """It cannot run now, and so nothing of its lane: it is the first there again after so many seconds."""
        with self._changed:
            lane = self._running.pop(name)
            self._held[lane].appendleft(name)
            self._later.append((monotonic() + seconds, lane))
            self._changed.notify()

    def wake(self) -> None:
        """`next` looks again."""
        with self._changed:
            self._changed.notify_all()

    def _is_free(self) -> bool:
        return bool(self._waiting) and len(self._running) < self._most

    def _left(self, end: float) -> float:
        """Seconds that may be waited; opens the lanes whose time has come."""
        now = monotonic()
        while self._later and self._later[0][0] <= now:
            self._reopened(self._later.popleft()[1])
        return min((end, *(at for at, _ in self._later))) - now if end > now else 0.0

    def _reopened(self, lane: Hashable) -> None:
        if names := self._held.pop(lane):
            self._waiting[lane] = names
