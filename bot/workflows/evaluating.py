"""Snapshot → verdict in the confined process. What dies there is told, and never taken for an answer."""

from __future__ import annotations

from msgspec import msgpack

from bot.confine import Died, Limits, Supervisor, Supervisors
from bot.confine.registry import Answer, Brought, Given, PlanRead, Trying
from bot.engine.model.snapshot import Snapshot
from bot.engine.model.trial import Tried
from bot.engine.model.verdict import Verdict
from bot.engine.trial import Proposal

# The process was ended or failed, which need not happen again; limits would be reached again.
PASSING = ("signal", "exception")
LIMITS = ("cpu", "memory", "wall", "output")
# Of many that somebody waits for, one that is large is given up sooner.
TRYING = Limits(cpu_seconds=10, wall_seconds=15.0, output_bytes=1 << 16)


class Evaluator:
    """Asks the supervisor; safe to share between threads."""

    def __init__(self, supervisor: Supervisor | Supervisors) -> None:
        self._supervisor = supervisor

    def needs(self, snapshot: Snapshot) -> tuple[str, ...]:
        """The object ids of blobs that are missing. Raises `Died`."""
        return msgpack.decode(self._asked("needs", snapshot), type=tuple[str, ...])

    def answer(self, snapshot: Snapshot) -> Answer:
        """What is missing, or the verdict where nothing is. Raises `Died`."""
        return msgpack.decode(self._asked("answer", snapshot), type=Answer)

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """The verdict. Raises `Died`."""
        return msgpack.decode(self._asked("evaluate", snapshot), type=Verdict)

    def plan(self, data: bytes, path: str, root: str) -> PlanRead:
        """What an uploaded plan says. Raises `Died`."""
        return msgpack.decode(self._called("plan", msgpack.encode(Given(data, path, root))), type=PlanRead)

    def tried(self, snapshot: Snapshot, proposal: Proposal) -> Tried | None:
        """A judged change under what governs the snapshot and under what is proposed; None where that is not valid. Raises `Died`."""
        payload = msgpack.encode(Trying(msgpack.encode(snapshot), msgpack.encode(proposal)))
        return msgpack.decode(self._supervisor.call("tried", payload, TRYING), type=Tried | None)

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


class Judging:
    """One snapshot on its way: `needs` for whoever reads it, then the verdict on what was read.

    A child costs 6 ms. So what may be complete is asked for its verdict at once, and that is kept for the snapshot it is about.
    """

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._judged: tuple[Snapshot, Verdict] | None = None

    def needs(self, snapshot: Snapshot) -> tuple[str, ...]:
        """The object ids of blobs that are missing. Raises `Died`."""
        if not snapshot.blobs:
            return self._evaluator.needs(snapshot)
        answer = self._evaluator.answer(snapshot)
        if answer.verdict:
            self._judged = snapshot, msgpack.decode(answer.verdict, type=Verdict)
        return answer.missing

    def verdict(self, snapshot: Snapshot) -> Verdict:
        """Raises `Died`."""
        if self._judged is not None and self._judged[0] is snapshot:
            return self._judged[1]
        return self._evaluator.evaluate(snapshot)
