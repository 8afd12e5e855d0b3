"""An evaluation made again from what it was made from: the same snapshot under the same rules has to give the same verdict, bit by bit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, TypeAlias

from msgspec import DecodeError, Struct, ValidationError, msgpack, to_builtins

from bot.confine import Died
from bot.engine.evaluation import digest
from bot.engine.model.snapshot import Snapshot
from bot.engine.model.trial import Tried
from bot.engine.trial import Proposal
from bot.ledger import Evaluation, Ledger, Unreadable
from bot.workflows.evaluating import LIMITS, Evaluator
from bot.workflows.page import Judged
from bot.workflows.version import engine

Outcome: TypeAlias = Literal[
    "same",
    "differs",
    "absent",  # no snapshot is kept, or the verdict was given up
    "unreadable",  # what is kept is not what was evaluated
    "died",  # the evaluation ended without a verdict
]
MOST = 20


class Replayed(Struct, frozen=True):
    """`differing`: places in the verdict, at most twenty. `detail`: why there is nothing to compare
    (absent: `verdict`, `snapshot`, `sensitive`, `disabled`, `no-verdict`). `engine`, `facts`, `now_engine`,
    `now_facts`: versions then and now; empty where they are not known."""

    evaluation: int
    outcome: Outcome
    number: int = 0
    head: str = ""
    conclusion: str = ""
    differing: tuple[str, ...] = ()
    detail: str = ""
    engine: str = ""
    now_engine: str = ""
    facts: str = ""
    now_facts: str = ""


class Retried(Struct, frozen=True):
    """What another policy makes of it. `before`: the conclusion under what was in force then. `why`: why that is not known."""

    evaluation: int
    outcome: Literal["same", "differs", "not-known", "not-valid"]
    repository: int = 0
    number: int = 0
    before: str | None = None
    after: str | None = None
    why: str | None = None


class Replay:
    """Evaluates in the confined process; changes nothing in the record."""

    def __init__(self, ledger: Ledger, evaluator: Evaluator) -> None:
        self._ledger, self._evaluator = ledger, evaluator
        self._rules = b""

    def replay(self, identifier: int) -> Replayed:
        """One evaluation. It has no time of its own: the time is part of the snapshot."""
        try:
            stored = self._ledger.evaluations.get(identifier)
        except KeyError:
            return Replayed(identifier, "absent", detail="verdict")
        place = (stored.number, stored.head, stored.conclusion)
        try:
            snapshot = self._snapshot(stored)
            if snapshot is None:
                return Replayed(identifier, "absent", *place, detail=self._entry(stored).get("withheld") or "snapshot")
            judged = _judged(stored)
            again = Judged(self._evaluator.evaluate(snapshot), judged.files)
        except Unreadable as error:
            return Replayed(identifier, "unreadable", *place, detail=error.detail)
        except Died as death:
            return Replayed(identifier, "died", *place, detail=f"{death.reason}: {death.detail}")
        differing = () if msgpack.encode(again) == stored.verdict else tuple(_differing(judged, again))[:MOST]
        versions = (self._entry(stored).get("engine", ""), engine(), judged.verdict.facts_digest, again.verdict.facts_digest)
        return Replayed(identifier, "differs" if differing else "same", *place, differing, "", *versions)

    def retried(self, identifier: int, proposed: Proposal) -> Retried:
        """One evaluation under what was in force then, and with what is proposed in its place; both at the time of the verdict."""
        try:
            stored = self._ledger.evaluations.get(identifier)
        except KeyError:
            return Retried(identifier, "not-known", why="kept")
        place = (stored.repository_id, stored.number)
        try:
            snapshot = self._snapshot(stored)
            found = Tried(why="kept") if snapshot is None else self._evaluator.tried(snapshot, proposed)
        except Unreadable:
            found = Tried(why="kept")
        except Died as death:
            found = Tried(why="limit" if death.reason in LIMITS else "died")
        if found is None:
            return Retried(identifier, "not-valid", *place)
        outcome: Literal["same", "differs"] = "differs" if found.differs else "same"
        return Retried(identifier, "not-known" if found.why else outcome, *place, found.before, found.after, found.why)

    def _snapshot(self, stored: Evaluation) -> Snapshot | None:
        """What it was made from, whose rules the confined process then has. Raises `Unreadable`."""
        kept = self._ledger.snapshots.record(stored.id)
        if kept is None:
            return None
        snapshot = self._ledger.snapshots.whole(kept)
        if digest(snapshot) != stored.snapshot_digest:
            raise Unreadable("snapshot digest")
        if kept.policy != self._rules:
            self._evaluator.supply(snapshot.policy)
            self._rules = kept.policy
        return snapshot

    def _entry(self, stored: Evaluation) -> dict[str, Any]:
        entry = self._ledger.chain.of_row(stored.repository_id, "evaluation", stored.id)
        return entry.told if entry else {}


def _judged(stored: Evaluation) -> Judged:
    try:
        return msgpack.decode(stored.verdict, type=Judged)
    except (DecodeError, ValidationError) as error:
        raise Unreadable(f"verdict: {error}") from None


def _differing(judged: Judged, again: Judged) -> Iterator[str]:
    """Where two verdicts differ; `form` where only their encoding does, because the program knows more fields now."""
    found = list(_walk(to_builtins(judged.verdict), to_builtins(again.verdict), ""))
    yield from found or ["form"]


def _walk(one: Any, other: Any, path: str) -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        for name in sorted({*one, *other}, key=str):
            yield from _walk(one.get(name), other.get(name), f"{path}.{name}" if path else str(name))
    elif isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)) and len(one) == len(other):
        for at, (mine, theirs) in enumerate(zip(one, other, strict=True)):
            yield from _walk(mine, theirs, f"{path}[{at}]")
    elif one != other:
        yield path
