"""Before somebody is asked about a change of our own files: which of the last verdicts would differ if it were in force.

Both policies judge what was judged then, at this moment and with these tables, so that nothing differs but what the change proposes.
"""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct
from msgspec.structs import replace

from bot.confine import Died
from bot.engine.model.snapshot import Snapshot
from bot.engine.model.trial import Trial, Tried, Why
from bot.engine.trial import NotRead, Proposal, proposal
from bot.github.facts import RepositoryRef
from bot.ledger import Unreadable
from bot.workflows.evaluating import LIMITS
from bot.workflows.page import Parts

LAST = 20
SECONDS = timedelta(seconds=20)
MOST_BYTES = 64 << 20
# What a change brings; the rest of a snapshot is what governs it.
OF_THE_CHANGE = (
    "base",
    "head",
    "blobs",
    "renames",
    "patch",
    "commits",
    "pull",
    "unfetched",
    "plans",
    "decisions",
    "numbers",
    "branch_configuration",
    "branch_configuration_path",
)
# What governs every repository of an organisation.
OF_ORGANISATION = ("policy", "organisation", "organisation_path", "policies", "policies_path", "holds", "default_level", "now")


class Onto(Struct, frozen=True):
    """What a change goes onto. `number`: the pull request whose own verdicts are left out; of a merge group the one it is named after.

    `governs`: whether its files would be in force, as those of the default branch are."""

    repository: RepositoryRef
    number: int
    governs: bool


def with_trial(parts: Parts, onto: Onto, snapshot: Snapshot, empty: Snapshot) -> Snapshot:
    """The snapshot of a change with what it would have made of earlier verdicts, where it changes our own files. `empty`: what governs."""
    try:
        proposed = proposal(snapshot)
    except NotRead:
        return replace(snapshot, trial=Trial(left_out="unread"))
    if proposed is None:
        return snapshot
    if not onto.governs:
        return replace(snapshot, trial=Trial(left_out="branch"))
    return replace(snapshot, trial=_Trying(parts, onto, proposed, empty).trial())


class _Trying:
    """One trial. What cannot be made again is not known, and says why."""

    def __init__(self, parts: Parts, onto: Onto, proposed: Proposal, empty: Snapshot) -> None:
        self._parts, self._proposed, self._empty = parts, proposed, empty
        self._repository, self._number = onto.repository.id, onto.number
        owner, _, name = onto.repository.full_name.partition("/")
        self._owner = owner if name == ".github" else ""
        self._end, self._left = parts.now() + SECONDS, MOST_BYTES

    def trial(self) -> Trial:
        found: list[Tried] = []
        evaluations = self._parts.ledger.evaluations
        for item in evaluations.judged_last(self._repository, self._number, LAST, self._owner):
            made = self._tried(item.id)
            if made is None:
                return Trial(left_out="not-valid")
            found.append(replace(made, number=item.number if item.repository_id == self._repository else 0))
        return Trial(tuple(found))

    def _tried(self, evaluation: int) -> Tried | None:
        snapshot = self._snapshot(evaluation)
        if not isinstance(snapshot, Snapshot):
            return Tried(why=snapshot)
        try:
            return self._parts.evaluator.tried(self._under(snapshot), self._proposed)
        except Died as death:
            return Tried(why="limit" if death.reason in LIMITS else "died")

    def _snapshot(self, evaluation: int) -> Snapshot | Why:
        """What the evaluation was made from, or why that is not at hand."""
        if self._parts.now() >= self._end:
            return "time"
        if self._left <= 0:
            return "bytes"
        kept = self._parts.ledger.snapshots
        try:
            record = kept.record(evaluation)
            snapshot = None if record is None else kept.whole(record)
        except Unreadable:
            return "kept"
        if snapshot is None:
            return "kept"
        self._left -= sum(map(len, snapshot.blobs.values())) + len(snapshot.patch)
        return snapshot

    def _under(self, snapshot: Snapshot) -> Snapshot:
        """The change under what governs now. Of another repository only what the organisation says is known to be so now."""
        if snapshot.repository != self._empty.repository:
            return replace(snapshot, governance=(), **{name: getattr(self._empty, name) for name in OF_ORGANISATION})
        return replace(self._empty, **{name: getattr(snapshot, name) for name in OF_THE_CHANGE}, governance=())
