"""Two directories, or one, → snapshot."""

from __future__ import annotations

import os
from datetime import datetime

from bot.engine.changeset.changes import moved
from bot.engine.model.snapshot import CommitText, Entry, Snapshot, Tree
from bot.engine.supply import Blob
from bot.local.files import read, standing
from bot.local.problem import Problem

SKIPPED = frozenset({".git", ".terraform"})  # the repository itself, and Terraform's cache of modules and providers
MAX_FILES = 1_000_000
SUBMODULES, NOT_FETCHED = ".gitmodules", Entry("submodule", "160000")
UNREADABLE = "unreadable:"  # in place of an object id; never equal on two sides, so that such a file is never taken for unchanged


class Directory:
    """A directory's files by path. Links are entries and never followed. `unreadable`: path → why not.

    A submodule that was not fetched is an empty directory, and an entry of which nothing is known.
    """

    def __init__(self, top: str) -> None:
        if not os.path.isdir(top):
            raise Problem("no-directory", path=top)
        self.top = top
        self.unreadable: dict[str, str] = {}
        self.entries: dict[str, Entry] = {}
        self.paths: dict[str, str] = {}
        self._walk()

    def _walk(self) -> None:
        waiting = [""]
        while waiting:
            prefix = waiting.pop()
            try:
                with os.scandir(os.path.join(self.top, prefix)) as found:
                    below = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in found)
            except OSError as error:
                raise Problem("unreadable-directory", path=os.path.join(self.top, prefix), detail=str(error.strerror)) from None
            if prefix and not below and SUBMODULES in self.entries:
                self.entries[_shown(prefix.rstrip("/"))] = NOT_FETCHED
            for name, is_directory in below:
                path = _shown(f"{prefix}{name}")
                if not is_directory:
                    self._take(path, f"{prefix}{name}")
                elif name not in SKIPPED:
                    waiting.append(f"{prefix}{name}/")
            if len(self.entries) > MAX_FILES:
                raise Problem("too-many-files", path=self.top, limit=MAX_FILES)

    def _take(self, path: str, name: str) -> None:
        full = os.path.join(self.top, name)
        if entry := standing(full):
            self.entries[path] = entry
            self.paths[entry.oid] = full
        else:
            self.entries[path] = Entry(f"{UNREADABLE}{self.top}", "100644")
            self.unreadable[path] = "unreadable"


class DirectorySource:
    """Blobs of one or two directories."""

    def __init__(self, *directories: Directory) -> None:
        self._paths = {oid: path for directory in directories for oid, path in directory.paths.items()}

    def blob(self, oid: str, limit: int) -> Blob:
        path = self._paths.get(oid)
        return read(path, limit) if path else Blob(None, "missing")


def change(before: str, after: str, now: datetime, policy: dict[str, bytes], message: str = "") -> tuple[Snapshot, DirectorySource]:
    """The snapshot of two directories, without blobs. Renames are found by equal content only; nothing is anchored."""
    base, head = Directory(before), Directory(after)
    snapshot = Snapshot(
        base=Tree(before, base.entries),
        head=Tree(after, head.entries),
        blobs={},
        policy=policy,
        now=now,
        renames=moved(base.entries, head.entries),
        commits=(CommitText("", message),) if message else (),
        unfetched=base.unreadable | head.unreadable,
    )
    return snapshot, DirectorySource(base, head)


def tree(top: str, now: datetime, policy: dict[str, bytes]) -> tuple[Snapshot, DirectorySource]:
    """The snapshot of one directory, against nothing."""
    head = Directory(top)
    empty = Tree("", {})
    snapshot = Snapshot(base=empty, head=Tree(top, head.entries), blobs={}, policy=policy, now=now, unfetched=head.unreadable)
    return snapshot, DirectorySource(head)


def _shown(path: str) -> str:
    return os.fsencode(path).decode("utf-8", "replace")
