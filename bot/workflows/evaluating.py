"""Snapshot → verdict in the confined process. What dies there is told, and never taken for an answer."""

from __future__ import annotations

from msgspec import msgpack

from bot.confine import Died, Supervisor, Supervisors
from bot.confine.registry import Brought, Given, PlanRead
from bot.engine.model.snapshot import Snapshot
from bot.engine.model.verdict import Verdict

# The process was ended or failed, which need not happen again; limits would be reached again.
PASSING = ("signal", "exception")


class Evaluator:
    """Asks the supervisor; safe to share between threads."""

    def __init__(self, supervisor: Supervisor | Supervisors) -> None:
        self._supervisor = supervisor

    def needs(self, snapshot: Snapshot) -> tuple[str, ...]:
        """The object ids of blobs that are missing. Raises `Died`."""
        return msgpack.decode(self._asked("needs", snapshot), type=tuple[str, ...])

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """The verdict. Raises `Died`."""
        return msgpack.decode(self._asked("evaluate", snapshot), type=Verdict)

    def plan(self, data: bytes, path: str, root: str) -> PlanRead:
        """What an uploaded plan says. Raises `Died`."""
        return msgpack.decode(self._called("plan", msgpack.encode(Given(data, path, root))), type=PlanRead)

    def supply(self, rules: dict[str, bytes]) -> None:
        """Has these rules read once for all evaluations that follow, instead of in each."""
        self._supervisor.supply(msgpack.encode(Brought(rules)))

    def _asked(self, function: str, snapshot: Snapshot) -> bytes:
        return self._called(function, msgpack.encode(snapshot))

    def _called(self, function: str, payload: bytes) -> bytes:
        try:
            return self._supervisor.call(function, payload)
        except Died as death:
            if death.reason not in PASSING:
                raise
        return self._supervisor.call(function, payload)
