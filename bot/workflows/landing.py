"""What came into a protected branch: the population of an auditor. A merge that our check did not let through is also a bypass."""

from __future__ import annotations

from typing import Any

from bot.github.facts import Merge, RepositoryRef, Work
from bot.github.protocols import Reader
from bot.github.refusal import Refusal
from bot.ledger import Event, Head, Stored
from bot.workflows.page import Parts

PASSED = ("success", "neutral")


def pushed_of(work: Work) -> dict[str, Any]:
    """What is recorded of a push; empty for anything else."""
    landed = work.landed
    if landed is None or landed.kind != "push":
        return {}
    told = {"branch": landed.branch, "before": landed.before, "after": landed.after, "tree": landed.tree, "forced": landed.forced}
    return told | {"commits": landed.commits, "count": landed.count, **_by(work)}


class Landing:
    """Records merges. Raises `Refusal`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def record(self, delivery: Stored, work: Work) -> Head | None:
        """The merge that a closed pull request brought; None where it is not merged, or into a branch that nothing protects. Safe to
        repeat."""
        landed, number = work.landed, work.number
        if landed is None or landed.kind != "merge" or number is None:
            return None
        reader = self._parts.installations.reader(work.installation_id)
        repository = RepositoryRef(work.repository_id, work.repository, work.installation_id)
        if not landed.default and not reader.protected(repository, landed.branch):
            return None
        made = self._made(reader, repository, number)
        commit = {"commit": made.commit if made else landed.after, "tree": made.tree if made else ""}
        told = {"branch": landed.branch, "head": work.head_sha, "base": work.base_sha, **commit, **_by(work)}
        events = [Event(work.repository_id, "merge", told, number, delivery.id)]
        if (gap := self._gap(work, number)) is not None:
            events.append(Event(work.repository_id, "bypass", {**gap, **commit, **_by(work)}, number, delivery.id))
        return self._parts.ledger.chain.record(events, self._parts.now())

    def _made(self, reader: Reader, repository: RepositoryRef, number: int) -> Merge | None:
        """None where GitHub does not tell, now or ever: the merge is recorded all the same."""
        try:
            return reader.merge(repository, number)
        except Refusal as refusal:
            if refusal.passing:
                raise
            return None

    def _gap(self, work: Work, number: int) -> dict[str, Any] | None:
        """Why our check did not let it through, as far as the record knows now; None where it did."""
        found = self._parts.ledger.evaluations.latest(work.repository_id, work.head_sha, (number,)).get(number)
        if found is None:
            return {"why": "not-evaluated", "evaluation": None}
        return None if found.conclusion in PASSED else {"why": found.conclusion, "evaluation": found.id}


def _by(work: Work) -> dict[str, Any]:
    sender = work.sender
    return {"by": sender.login if sender else "", "account": sender.id if sender else 0}
