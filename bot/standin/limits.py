"""Rate limits. The primary one always counts; the secondary ones are switched on by a test that wants them."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

HOUR, MINUTE = 3600, 60


class Verdict(NamedTuple):
    """Why a call is refused: `primary` waits for the reset, `secondary` for Retry-After."""

    kind: str
    retry_after: int


class _Window:
    def __init__(self, seconds: int) -> None:
        self.seconds, self.hits = seconds, deque[tuple[float, int]]()

    def total(self, now: float) -> int:
        while self.hits and self.hits[0][0] <= now - self.seconds:
            self.hits.popleft()
        return sum(weight for _, weight in self.hits)

    def wait(self, now: float) -> int:
        return max(1, int(self.hits[0][0] + self.seconds - now) + 1) if self.hits else 1


class Limits:
    """`primary`: requests an hour for one token holder; `secondary`, `content`: whether those laws are enforced."""

    def __init__(self) -> None:
        self.primary = 5000
        self.enabled = True
        self.secondary = False
        self.content = False
        self.concurrent, self.points, self.graphql_points = 100, 900, 2000
        self.content_minute, self.content_hour = 80, 500
        self.peak = 0
        self._running = 0
        self._used: dict[tuple[str, str], tuple[float, int]] = {}
        self._windows: dict[tuple[str, str], _Window] = {}
        self._lock = threading.Lock()

    @contextmanager
    def running(self) -> Iterator[bool]:
        """Whether this request is within the number of concurrent ones."""
        with self._lock:
            self._running += 1
            self.peak = max(self.peak, self._running)
            allowed = not self.secondary or self._running <= self.concurrent
        try:
            yield allowed
        finally:
            with self._lock:
                self._running -= 1

    def allowance(self, holder: str, resource: str, now: float) -> tuple[int, int, int]:
        """(limit, used, reset in epoch seconds)."""
        start, used = self._used.get((holder, resource), (now, 0))
        if now >= start + HOUR:
            start, used = now, 0
        return self.primary, used, int(start + HOUR)

    def spend(self, holder: str, resource: str, now: float, *, write: bool, content: bool) -> Verdict | None:
        """Count one call, or say why it is refused."""
        if not self.enabled:
            return None
        with self._lock:
            limit, used, reset = self.allowance(holder, resource, now)
            if used >= limit:
                return Verdict("primary", max(1, int(reset - now)))
            refused = self._secondary(holder, resource, now, write=write, content=content)
            if refused is None:
                self._used[holder, resource] = (reset - HOUR, used + 1)
            return refused

    def refund(self, holder: str, resource: str) -> None:
        """A 304 costs nothing."""
        with self._lock:
            start, used = self._used.get((holder, resource), (0.0, 0))
            self._used[holder, resource] = (start, max(0, used - 1))

    def _secondary(self, holder: str, resource: str, now: float, *, write: bool, content: bool) -> Verdict | None:
        points = self._window(holder, f"{resource}-points", MINUTE)
        minute, hour = self._window(holder, "content-minute", MINUTE), self._window(holder, "content-hour", HOUR)
        cap = self.graphql_points if resource == "graphql" else self.points
        if self.secondary and points.total(now) + (5 if write else 1) > cap:
            return Verdict("secondary", points.wait(now))
        if self.content and content and minute.total(now) >= self.content_minute:
            return Verdict("secondary", minute.wait(now))
        if self.content and content and hour.total(now) >= self.content_hour:
            return Verdict("secondary", hour.wait(now))
        if self.secondary:
            points.hits.append((now, 5 if write else 1))
        if content and self.content:
            minute.hits.append((now, 1))
            hour.hits.append((now, 1))
        return None

    def _window(self, holder: str, name: str, seconds: int) -> _Window:
        return self._windows.setdefault((holder, name), _Window(seconds))
