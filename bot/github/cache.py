"""What never changes once it is read, kept by its id: blobs, listings, comparisons of two commits."""

from __future__ import annotations

from bot.github.bounded import Bounded, Kept, Own
from bot.github.changes import Comparison
from bot.github.facts import CodeOwnersFile
from bot.github.organisation import Organisation
from bot.github.properties import Properties
from bot.github.trees import Listing

BLOB_BYTES = 256_000_000
LISTED_FILES = 600_000  # some 300 bytes each
PATCH_BYTES = 64_000_000
COMMITS = 10_000
ORGANISATION_BYTES = 64_000_000
REPOSITORIES = 20_000
OVERHEAD = 200  # bytes of a small entry beside its content


class Memory:
    """What a process remembers for all installations, within one budget."""

    def __init__(self, blob_bytes: int = BLOB_BYTES, listed_files: int = LISTED_FILES) -> None:
        self.blobs: Bounded[tuple[int, str], bytes] = Bounded(blob_bytes, lambda data: len(data) + OVERHEAD)
        self.listings: Bounded[tuple[int, str], Listing] = Bounded(listed_files, lambda listing: len(listing.entries) + 1)
        self.comparisons: Bounded[tuple[int, tuple[int, str, str]], Comparison] = Bounded(PATCH_BYTES, _size)
        self.tree_of: Bounded[tuple[int, str], str] = Bounded(COMMITS)
        self.organisations: Bounded[tuple[int, str], Organisation] = Bounded(ORGANISATION_BYTES, _written)
        self.properties: Bounded[tuple[int, int], Properties] = Bounded(REPOSITORIES)
        self.code_owners: Bounded[tuple[int, tuple[int, str]], CodeOwnersFile] = Bounded(ORGANISATION_BYTES, _owning)


class Cache:
    """The part of the memory that one installation's reader sees: nothing that was read for another one."""

    def __init__(self, memory: Memory, installation: int) -> None:
        self.blobs: Kept[str, bytes] = Own(memory.blobs, installation)
        self.listings: Kept[str, Listing] = Own(memory.listings, installation)
        self.comparisons: Kept[tuple[int, str, str], Comparison] = Own(memory.comparisons, installation)
        self.tree_of: Kept[str, str] = Own(memory.tree_of, installation)
        self.organisations: Kept[str, Organisation] = Own(memory.organisations, installation)
        self.properties: Kept[int, Properties] = Own(memory.properties, installation)
        self.code_owners: Kept[tuple[int, str], CodeOwnersFile] = Own(memory.code_owners, installation)


def _written(organisation: Organisation) -> int:
    return sum(len(data) + OVERHEAD for data in organisation.rules.values()) + OVERHEAD


def _owning(found: CodeOwnersFile) -> int:
    return (len(found.file.data) if found.file else 0) + OVERHEAD


def _size(comparison: Comparison) -> int:
    patches = sum(len(file.patch or "") + OVERHEAD for file in comparison.files)
    return patches + sum(len(commit.message) + OVERHEAD for commit in comparison.commits) + OVERHEAD
