"""Two trees → what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from posixpath import dirname, join, normpath
from typing import Literal, TypeAlias

from msgspec import Struct

from bot.engine.model.snapshot import Entry, Snapshot, Tree

Status: TypeAlias = Literal["added", "removed", "modified", "renamed"]

SYMLINK = "120000"
SUBMODULE = "160000"


class Change(Struct, frozen=True, order=True):
    """One changed file. `previous`: its path on the base, for a rename. `same_bytes`: only the place changed."""

    path: str
    status: Status
    previous: str | None = None
    same_bytes: bool = False


def changes(snapshot: Snapshot) -> tuple[Change, ...]:
    """Every path whose entry differs between base and head, sorted; a rename is one change."""
    base, head = snapshot.base.entries, snapshot.head.entries
    renamed_from = {old for new, old in snapshot.renames.items() if new in head and new not in base and old in base and old not in head}
    found = [_change(path, head[path], snapshot, renamed_from) for path in head if base.get(path) != head[path]]
    found += [Change(path, "removed") for path in base if path not in head and path not in renamed_from]
    return tuple(sorted(found))


def _change(path: str, entry: Entry, snapshot: Snapshot, renamed_from: set[str]) -> Change:
    base = snapshot.base.entries
    if path in base:
        return Change(path, "modified")
    previous = snapshot.renames.get(path)
    if previous in renamed_from:
        return Change(path, "renamed", previous, same_bytes=base[previous].oid == entry.oid)
    return Change(path, "added")


def moved(base: Mapping[str, Entry], head: Mapping[str, Entry]) -> dict[str, str]:
    """Files that are only somewhere else now; of several with equal content the first by name."""
    gone = {entry.oid: path for path, entry in sorted(base.items(), reverse=True) if path not in head}
    fresh = [(path, entry.oid) for path, entry in sorted(head.items()) if path not in base] if gone else []
    found: dict[str, str] = {}
    for path, oid in fresh:
        if previous := gone.pop(oid, None):
            found[path] = previous
    return found


def contents(tree: Tree, blobs: dict[str, bytes], wanted: Iterable[str]) -> dict[str, bytes]:
    """The bytes of those wanted files that were fetched, by path. A symbolic link reads as the file of the tree it points to."""
    found = ((path, target_entry(tree, blobs, path)) for path in sorted(wanted))
    return {path: blobs[entry.oid] for path, entry in found if entry is not None and entry.oid in blobs}


def target_entry(tree: Tree, blobs: dict[str, bytes], path: str) -> Entry | None:
    """The regular file that a path stands for: itself, or the target of a link inside the tree (one step); else None."""
    entry = tree.entries.get(path)
    if entry is not None and entry.mode == SYMLINK:
        link = blobs.get(entry.oid, b"").decode("utf-8", "replace")
        entry = tree.entries.get(normpath(join(dirname(path), link)))
    return entry if entry is not None and entry.mode not in (SYMLINK, SUBMODULE) else None
