"""Several supervisors behind one door: while one evaluates something large, the others answer."""

from __future__ import annotations

import os
from types import TracebackType
from typing import TYPE_CHECKING, Self

from bot.confine.child import DEFAULT, Limits
from bot.confine.supervisor import REGISTRY, Supervisor

if TYPE_CHECKING:
    from queue import SimpleQueue

LEAST, MOST = 2, 4


class Supervisors:
    """As `Supervisor`, with as many evaluations at a time as there are processors: two at least, so that one cannot hold up everybody,
    and four at most, for each costs 30 MB. Safe to share between threads."""

    def __init__(self, registry: str = REGISTRY, number: int = 0) -> None:
        from queue import SimpleQueue  # noqa: PLC0415 - brings threads, which the command line does not have

        self._all = [Supervisor(registry) for _ in range(number or min(MOST, max(LEAST, os.cpu_count() or LEAST)))]
        self._idle: SimpleQueue[Supervisor] = SimpleQueue()
        for supervisor in self._all:
            self._idle.put(supervisor)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def start(self) -> None:
        """Starts those that are idle unless they run; a busy one is alive, or is found dead by whoever waits for it."""
        for _ in self._all:
            if self._idle.empty():
                return
            supervisor = self._idle.get()
            try:
                supervisor.start()
            finally:
                self._idle.put(supervisor)

    def supply(self, payload: bytes) -> None:
        """See `Supervisor.supply`."""
        for supervisor in self._all:
            supervisor.supply(payload)

    def call(self, function: str, payload: bytes, limits: Limits = DEFAULT) -> bytes:
        """See `Supervisor.call`; waits for one that is idle."""
        supervisor = self._idle.get()
        try:
            return supervisor.call(function, payload, limits)
        finally:
            self._idle.put(supervisor)

    def close(self) -> None:
        """Ends all processes and their children."""
        for supervisor in self._all:
            supervisor.close()
