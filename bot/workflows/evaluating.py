"""Snapshot → verdict in the confined process. What dies there is told, and never taken for an answer."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import msgpack
from msgspec.structs import replace

from bot.confine import Died, Limits, Supervisor, Supervisors
from bot.confine.registry import Answer, Brought, Given, Lean, PlanRead, Trying, digest
from bot.engine.evaluation import needs as wanted
from bot.engine.model.snapshot import Snapshot
from bot.engine.model.trial import Tried
from bot.engine.model.verdict import Verdict
from bot.engine.trial import Proposal

# The process was ended or failed, which need not happen again; limits would be reached again.
PASSING = ("signal", "exception")
LIMITS = ("cpu", "memory", "wall", "output")
# Of many that somebody waits for, one that is large is given up sooner.
TRYING = Limits(cpu_seconds=10, wall_seconds=15.0, output_bytes=1 << 16)
# Listings of which it is told here what the core wants to read: 10 ms at most, which a child costs as well.
FEW_PATHS, LONGEST_PATH = 2000, 200


class Evaluator:
    """Asks the supervisor; safe to share between threads. `shipped`: the rules that it was supplied with, which are not sent again."""

    def __init__(self, supervisor: Supervisor | Supervisors, shipped: Mapping[str, bytes] | None = None) -> None:
        self._supervisor, self._shipped = supervisor, shipped or {}
        self._brought = digest(self._shipped)

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
        if not self._shipped or any(path not in snapshot.policy for path in self._shipped):
            return self._called(function, msgpack.encode(snapshot))
        own = {path: data for path, data in snapshot.policy.items() if self._shipped.get(path) is not data}
        lean = Lean(msgpack.encode(replace(snapshot, policy=own)), self._brought)
        try:
            return self._supervisor.call(function, msgpack.encode(lean))
        except Died as death:
            if death.reason not in PASSING:
                raise
        return self._supervisor.call(function, msgpack.encode(snapshot))  # also where a process could not use what it was supplied with

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
            return wanted(snapshot) if _is_harmless(snapshot) else self._evaluator.needs(snapshot)
        answer = self._evaluator.answer(snapshot)
        if answer.verdict:
            self._judged = snapshot, msgpack.decode(answer.verdict, type=Verdict)
        return answer.missing

    def verdict(self, snapshot: Snapshot) -> Verdict:
        """Raises `Died`."""
        if self._judged is not None and self._judged[0] is snapshot:
            return self._judged[1]
        return self._evaluator.evaluate(snapshot)


def _is_harmless(snapshot: Snapshot) -> bool:
    """Whether nothing but a short list of short names came from the change, and no pattern is held against them: then the core is asked
    in this process, which has to answer others meanwhile. Contents are never read here."""
    trees = (snapshot.base.entries, snapshot.head.entries)
    governing = (snapshot.configuration, snapshot.organisation, snapshot.branch_configuration)
    few = sum(map(len, trees)) <= FEW_PATHS and not any(b"ignore" in data or b"roots" in data for data in governing)
    return few and all(len(path) <= LONGEST_PATH for entries in trees for path in entries)
