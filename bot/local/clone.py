"""A change in a clone → snapshot: a range of commits, or the working tree against the default branch."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from bot.engine.model.snapshot import Entry, Snapshot, Tree
from bot.engine.supply import Blob
from bot.local.git import Commit, Raw, Repository
from bot.local.problem import Problem
from bot.local.worktree import WorkingTree

MAX_CONFIGURATION = 1_000_000
SHORT = 9


class Compared(Struct, frozen=True):
    """What is compared, in a reader's words: names and short ids. `uncommitted`: files that differ from the head's commit."""

    base: str
    base_name: str
    head: str
    head_name: str
    uncommitted: int | None = None


class Endpoints(Struct, frozen=True):
    """The merge base and the head of a range."""

    base: str
    head: Commit
    base_name: str
    head_name: str


class ClonedSource:
    """Blobs of a clone: from the object store, or from the working tree where they are not stored."""

    def __init__(self, repository: Repository, working: WorkingTree | None = None) -> None:
        self._repository = repository
        self._working = working

    def blob(self, oid: str, limit: int) -> Blob:
        if self._working and (found := self._working.blob(oid, limit)):
            return found
        if not (found_object := self._repository.object(oid, limit)):
            return Blob(None, "missing")
        if found_object.type != "blob":
            return Blob(None, "submodule")
        return Blob(found_object.data, "" if found_object.data is not None else "limit")


def endpoints(repository: Repository, text: str) -> Endpoints:
    """`BASE..HEAD` (three dots mean the same: the merge base is always taken); either side may be empty and is then a default."""
    base_name, dots, head_name = text.partition("...") if "..." in text else text.partition("..")
    if not dots:
        raise Problem("not-a-range", text=text)
    head = named_commit(repository, head_name or "HEAD")
    if base_name:
        base = named_commit(repository, base_name)
    else:
        base_name, base = _default(repository)
    return Endpoints(_common(repository, base.sha, head.sha, base_name, head_name), head, base_name, head_name or "HEAD")


def committed(repository: Repository, ends: Endpoints, now: datetime, policy: dict[str, bytes]) -> tuple[Snapshot, ClonedSource, Compared]:
    """The snapshot of a range, without blobs."""
    changed = repository.differences(ends.base, ends.head.sha)
    head = repository.tree(ends.head.sha)
    snapshot = Snapshot(
        base=Tree(ends.base, _base_entries(head, changed)),
        head=Tree(ends.head.sha, head),
        blobs={},
        policy=policy,
        now=now,
        renames=_renames(changed),
        commits=repository.commits(ends.base, ends.head.sha),
    )
    return snapshot, ClonedSource(repository), Compared(ends.base[:SHORT], ends.base_name, ends.head.sha[:SHORT], ends.head_name)


def working(repository: Repository, now: datetime, policy: dict[str, bytes]) -> tuple[Snapshot, ClonedSource, Compared]:
    """The snapshot of everything that is not on the default branch yet, committed or not."""
    if repository.bare:
        raise Problem("bare", path=repository.path)
    head = named_commit(repository, "HEAD")
    name, default = _default(repository)
    base = _common(repository, default.sha, head.sha, name, "HEAD")
    staged, index = repository.staged(base), repository.index()
    tree = WorkingTree(repository.top, index, repository.untracked(), len(head.sha))
    snapshot = Snapshot(
        base=Tree(base, _base_entries({path: item.entry for path, item in index.items()}, staged)),
        head=Tree("working tree", tree.entries),
        blobs={},
        policy=policy,
        now=now,
        renames=_renames(staged),
        commits=repository.commits(base, head.sha),
    )
    return snapshot, ClonedSource(repository, tree), Compared(base[:SHORT], name, head.sha[:SHORT], "", tree.changed)


def governing(repository: Repository, base: str, names: tuple[str, ...], most: int = MAX_CONFIGURATION) -> tuple[str, bytes] | None:
    """The first of the files that the base has, with its bytes: a change is judged under what was in force before it."""
    for name in names:
        found = repository.object(f"{base}:{name}", most)
        if found is None or found.type != "blob":
            continue
        if found.data is None:
            raise Problem("configuration-too-large", path=name)
        return name, found.data
    return None


def _base_entries(head: dict[str, Entry], changed: tuple[Raw, ...]) -> dict[str, Entry]:
    """The base's listing: the head's, with every difference taken back. One listing is read instead of two."""
    if not changed:
        return head
    entries = dict(head)
    for item in changed:
        if item.status in "ARC":
            entries.pop(item.path, None)
    for item in changed:
        if item.status not in "AC" and item.status != "U":
            entries[item.old_path] = Entry(item.old_oid, item.old_mode)
    return entries


def _renames(changed: tuple[Raw, ...]) -> dict[str, str]:
    return {item.path: item.old_path for item in changed if item.status == "R"}


def named_commit(repository: Repository, name: str) -> Commit:
    """The commit that a revision means; raises `Problem`."""
    if commit := repository.commit(name):
        return commit
    if name == "HEAD" or repository.commit("HEAD") is None:
        raise Problem("no-commits", path=repository.path)
    raise Problem("unknown-revision", revision=name, path=repository.path)


def _default(repository: Repository) -> tuple[str, Commit]:
    if found := repository.default_branch():
        return found
    if repository.commit("HEAD") is None:
        raise Problem("no-commits", path=repository.path)
    raise Problem("no-default-branch", path=repository.path)


def _common(repository: Repository, base: str, head: str, base_name: str, head_name: str) -> str:
    if found := repository.merge_base(base, head):
        return found
    raise Problem("shallow" if repository.is_shallow() else "no-merge-base", base=base_name, head=head_name or "HEAD", path=repository.path)
