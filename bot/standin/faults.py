"""What goes wrong on purpose: answers that fail, connections that break, deliveries that are lost, doubled or late."""

from __future__ import annotations

import random
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

if TYPE_CHECKING:
    from bot.standin.state.deliveries import Delivery

Kind = Literal[
    "502",
    "502-after-write",
    "500",
    "403",
    "403-secondary",
    "403-secondary-bare",
    "429",
    "422",
    "401",
    "timeout",
    "slow",
    "connection-reset",
]


class Numbered(Protocol):
    """What is listed."""

    id: int


Item = TypeVar("Item", bound=Numbered)


@dataclass
class Fault:
    """`match`: method and path with `*`, matched against the path without the GHES prefix; `nth`: only that call, counted from 1."""

    match: str
    kind: Kind
    times: int
    nth: int | None
    seconds: float
    hits: int = 0

    def strikes(self, line: str, number: int) -> bool:
        if self.times == 0 or (self.nth is not None and self.nth != number) or not fnmatchcase(line, self.match):
            return False
        self.times -= 1
        self.hits += 1
        return True


class Faults:
    """`random` is seeded, so that a failing run can be repeated."""

    def __init__(self) -> None:
        self.planned: list[Fault] = []
        self.random = random.Random(0)  # noqa: S311  # faults, not secrets
        self.shuffled = False
        self._lost = self._doubled = self._throttled = 0.0
        self._silent = False
        self._only: str = "*"
        self._unlisted_from, self._unlisted = 0, 0

    def add(self, match: str = "*", *, kind: Kind, times: int = 1, nth: int | None = None, seconds: float = 1.0) -> Fault:
        """`times` -1: always. `seconds`: how long `slow` waits, and the `Retry-After` of a limit; `timeout` holds the answer `seconds`."""
        fault = Fault(match, kind, 1 if nth is not None else times, nth, seconds)
        self.planned.append(fault)
        return fault

    def deliveries(  # noqa: PLR0913  # the words of a test
        self,
        *,
        lost: float = 0.0,
        duplicated: float = 0.0,
        throttled: float = 0.0,
        shuffled: bool = False,
        silent: bool = False,
        match: str = "*",
        seed: int = 0,
    ) -> None:
        """Shares of deliveries. Lost ones are recorded as failed, unless `silent`: then GitHub's list does not have them either."""
        self._throttled = throttled
        self._lost, self._doubled, self.shuffled, self._silent, self._only = lost, duplicated, shuffled, silent, match
        self.random.seed(seed)

    def unlisted(self, since: int, times: int) -> None:
        """What has a higher number than `since` is not in the next so many listings of check runs, threads and comments: a list may come
        from a copy that has not caught up."""
        self._unlisted_from, self._unlisted = since, times

    def listed(self, items: list[Item]) -> list[Item]:
        """What of these a listing shows now."""
        if not self._unlisted:
            return items
        self._unlisted -= 1
        return [item for item in items if item.id <= self._unlisted_from]

    def clear(self) -> None:
        self.planned.clear()
        self._unlisted = 0
        self.deliveries()

    def strike(self, method: str, path: str, number: int) -> Fault | None:
        line = f"{method} {path}"
        return next((fault for fault in self.planned if fault.strikes(line, number)), None)

    def plan(self, delivery: Delivery) -> int:
        """How often a new delivery is sent; 0 marks it as failed."""
        if delivery.redelivery or not fnmatchcase(f"{delivery.event}.{delivery.action}", self._only):
            return 1
        if self.random.random() < self._lost:
            delivery.status, delivery.status_code = "failed to connect to host", 502
            delivery.unlisted = self._silent
            return 0
        if self.random.random() < self._throttled:
            delivery.throttled_at = delivery.created_at
        return 2 if self.random.random() < self._doubled else 1
