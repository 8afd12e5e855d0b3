"""What another policy makes of a change that was judged before. The policy is a change's own, and nobody vouches for it."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.changeset.changes import changes, contents
from bot.engine.evaluation import evaluate, needs
from bot.engine.facts import NO_FACTS, Facts
from bot.engine.model.snapshot import CONFIGURATION, WAIVERS, Snapshot
from bot.engine.model.trial import Tried
from bot.engine.model.verdict import Verdict
from bot.engine.policy import load_policy
from bot.engine.policy.inforce import check_terms
from bot.engine.policy.load import OF_ORGANISATION
from bot.engine.policy.problem import PolicyError

ORGANISATION = ("countersign/config.yml", "countersign/config.yaml")
POLICIES = ("countersign/policies.yml", "countersign/policies.yaml")
GOVERNING = {"configuration": CONFIGURATION, "waivers": WAIVERS}
OF_THE_ORGANISATION = {"organisation": ORGANISATION, "policies": POLICIES}


class Proposal(Struct, frozen=True):
    """Our own files as somebody wants them. `files`: field of a snapshot (`configuration`, `waivers`, `organisation`, `policies`) → path
    and bytes, empty bytes for a file that goes; `rules`: the organisation's, None for one that goes."""

    files: dict[str, tuple[str, bytes]] = {}
    rules: dict[str, bytes | None] = {}

    def onto(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot under these files; those that nobody changes stay as they are."""
        fields: dict[str, str | bytes] = {}
        for name, (path, data) in self.files.items():
            fields |= {name: data, f"{name}_path": path}
        rules = {path: data for path, data in (snapshot.policy | self.rules).items() if data is not None}
        return replace(snapshot, policy=rules, **fields)


class NotRead(Exception):  # noqa: N818 - what could not be had, not an error of the caller
    """One of our files of the head could not be supplied, so what it proposes is not known."""


def proposal(snapshot: Snapshot) -> Proposal | None:
    """What the head makes of the files that govern; None where it changes none of them. Raises `NotRead`."""
    changed = {path for change in changes(snapshot) for path in (change.path, change.previous) if path}
    of_organisation = snapshot.repository.endswith("/.github")
    names = {**GOVERNING, **(OF_THE_ORGANISATION if of_organisation else {})}
    files = {field: _first(snapshot, paths) for field, paths in names.items() if changed & set(paths)}
    rules = {path: _content(snapshot, path) for path in sorted(changed) if of_organisation and path.startswith(OF_ORGANISATION)}
    return Proposal(files, rules) if files or rules else None


def tried(snapshot: Snapshot, proposed: Proposal, facts: Facts = NO_FACTS) -> Tried | None:
    """The change under what governs the snapshot, and under what is proposed; None where that is not valid.

    A snapshot that lacks files under either is not judged: what they hold is not known.
    """
    other = proposed.onto(snapshot)
    try:
        check_terms(other, load_policy(other.policy))
    except PolicyError:
        return None
    if needs(snapshot) or needs(other):
        return Tried(why="files")
    before, after = evaluate(snapshot, facts), evaluate(other, facts)
    differs = before.conclusion != after.conclusion or _blocking(before) != _blocking(after)
    return Tried(before=before.conclusion, after=after.conclusion, differs=differs)


def _blocking(verdict: Verdict) -> frozenset[tuple[str, str]]:
    return frozenset((result.id, result.root) for result in verdict.results if result.blocks)


def _first(snapshot: Snapshot, paths: tuple[str, ...]) -> tuple[str, bytes]:
    """Of several names the first that is there, as they are read on the default branch."""
    for path in paths:
        data = _content(snapshot, path)
        if data is not None:
            return path, data
    return paths[0], b""


def _content(snapshot: Snapshot, path: str) -> bytes | None:
    if path not in snapshot.head.entries:
        return None
    found = contents(snapshot.head, snapshot.blobs, (path,)).get(path)
    if found is None:
        raise NotRead(path)
    return found
