"""Two commits → snapshot, in as few calls as GitHub allows.

One comparison (merge base, commits, files with patches), one listing of the head, one query for what the base has at the changed
paths together with the contents that the core asks for. The base's listing is the head's with the changes taken back; it is used only
if it has the id of the base's tree, else it is read. Nothing is read that is in the cache.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.changeset.changes import SUBMODULE, moved
from bot.engine.model.snapshot import Entry, Snapshot, Tree
from bot.engine.supply import complete
from bot.github import changes, trees
from bot.github.blobs import BATCH_OBJECTS, Blobs
from bot.github.cache import Cache
from bot.github.changes import ChangedFile, Comparison
from bot.github.facts import RepositoryRef
from bot.github.protocols import Gateway
from bot.github.trees import Listing

Needs: TypeAlias = Callable[[Snapshot], tuple[str, ...]]
UNTOLD = "untold:"  # in place of an object id that is not known yet, before the path


class Ends(Struct, frozen=True):
    """What is compared: the base branch's commit (the merge base is found) and the head."""

    base: str
    head: str


class Reading:
    """Reads one pair of commits of a repository."""

    def __init__(self, gateway: Gateway, cache: Cache, repository: RepositoryRef, ends: Ends) -> None:
        self._gateway, self._cache, self._repository, self.ends = gateway, cache, repository, ends
        self._blobs = Blobs(gateway, repository.full_name, cache.blobs)

    def comparison(self) -> Comparison:
        """Two commits compared; the same for ever."""
        key = (self._repository.id, self.ends.base, self.ends.head)
        found = self._cache.comparisons.get(key)
        if found is None:
            found = changes.compared(self._gateway, self._repository.full_name, self.ends.base, self.ends.head)
            self._cache.comparisons.put(key, found)
        return found

    def trees(self, comparison: Comparison, empty: Snapshot, needs: Needs) -> Snapshot:
        """`empty` with both listings, what moved, the patch and the commits. `comparison`: `files` may hold more than GitHub compared."""
        head = self._head(comparison)
        self._blobs.sizes |= head.sizes
        files = tuple(file for file in comparison.files if changes.matches(file, head.entries))
        found = replace(
            empty,
            head=Tree(self.ends.head, head.entries),
            base=Tree(comparison.merge_base, {}),
            renames={file.path: file.previous for file in files if file.status == "renamed" and file.previous},
            patch=changes.unified(files),
            commits=comparison.commits,
        )
        base = self._base(replace(comparison, files=files), head, found, needs)
        self._blobs.sizes |= base.sizes
        renames = found.renames if comparison.complete else moved(base.entries, head.entries) | found.renames
        doubled = dict.fromkeys((*base.doubled, *head.doubled), "unreadable")
        return replace(found, base=Tree(comparison.merge_base, base.entries), renames=renames, unfetched=empty.unfetched | doubled)

    def contents(self, snapshot: Snapshot, needs: Needs) -> Snapshot:
        """The snapshot with every blob that `needs` asks for."""
        both = (*snapshot.base.entries.values(), *snapshot.head.entries.values())
        self._blobs.submodules = frozenset(entry.oid for entry in both if entry.mode == SUBMODULE)

        def ahead(found: Snapshot) -> tuple[str, ...]:
            wanted = needs(found)
            self._blobs.fetch(wanted, found.limits.file_bytes)
            return wanted

        return complete(snapshot, self._blobs, ahead)

    def _head(self, comparison: Comparison) -> Listing:
        tree = comparison.head_tree or self._cache.tree_of.get(self.ends.head)
        if not tree:
            tree = changes.tree_of(self._gateway, self._repository.full_name, self.ends.head)
        base = self._cache.listings.get(comparison.base_tree)
        if base is not None and comparison.complete and self._cache.listings.get(tree) is None:
            made = _with_changes(base, comparison.files, tree)
            if made is not None:
                self._cache.listings.put(tree, made)
        return self._listed(tree)

    def _listed(self, oid: str) -> Listing:
        found = self._cache.listings.get(oid)
        if found is None:
            found = trees.listing(self._gateway, self._repository.full_name, oid)
            self._cache.listings.put(oid, found)
        return found

    def _base(self, comparison: Comparison, head: Listing, found: Snapshot, needs: Needs) -> Listing:
        known = head if comparison.base_tree == head.oid else self._cache.listings.get(comparison.base_tree)
        if known is None and comparison.complete and (known := self._taken_back(comparison, head, found, needs)) is not None:
            self._cache.listings.put(known.oid, known)
        return known or self._listed(comparison.base_tree)

    def _taken_back(self, comparison: Comparison, head: Listing, found: Snapshot, needs: Needs) -> Listing | None:
        """The base's listing without reading it, and with the same call the contents that the core will ask for."""
        gone = {file.path for file in comparison.files if file.status != "removed"}
        former = {path: Entry(UNTOLD + path) for file in comparison.files if (path := file.former_path) is not None}
        if len(former) > BATCH_OBJECTS:
            return None
        entries: dict[str, Entry] = {}
        if former:
            supposed = {path: entry for path, entry in head.entries.items() if path not in gone} | former
            wanted = needs(replace(found, base=Tree(comparison.merge_base, supposed)))
            paths = {path: UNTOLD + path in wanted for path in former}
            oids = (oid for oid in wanted if not oid.startswith(UNTOLD))
            entries = self._blobs.former(comparison.merge_base, paths, oids, found.limits.file_bytes)
        return trees.derived(head, gone, entries, comparison.base_tree)


def _with_changes(base: Listing, files: tuple[ChangedFile, ...], tree: str) -> Listing | None:
    """The head's listing without reading it. The comparison tells the blobs but no modes: those of the base are supposed to hold."""
    gone = [path for file in files if (path := file.former_path) is not None]
    made: dict[str, Entry] = {}
    for file in files:
        if file.sha is not None and file.status != "removed":
            known = base.entries.get(file.former_path or file.path)
            made[file.path] = replace(known, oid=file.sha) if known else Entry(file.sha)
    return trees.derived(base, gone, made, tree)


def with_all_files(comparison: Comparison, files: tuple[ChangedFile, ...]) -> Comparison:
    """The comparison with the files of the pull request's own list, which is longer; still not told whether these are all."""
    return replace(comparison, files=files or comparison.files)
