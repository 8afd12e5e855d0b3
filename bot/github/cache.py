"""What never changes once it is read, kept by its id: blobs, listings, comparisons of two commits."""

from __future__ import annotations

from bot.github.bounded import Bounded
from bot.github.changes import Comparison
from bot.github.organisation import Organisation
from bot.github.properties import Properties
from bot.github.trees import Listing

BLOB_BYTES = 256_000_000
LISTED_FILES = 600_000  # some 300 bytes each
PATCH_BYTES = 64_000_000
COMMITS = 10_000
OWNERS = 2_000
OVERHEAD = 200  # bytes of a small entry beside its content


class Cache:
    """Everything one installation's reader remembers. Nothing in it is shared with another installation."""

    def __init__(self, blob_bytes: int = BLOB_BYTES, listed_files: int = LISTED_FILES) -> None:
        self.blobs: Bounded[str, bytes] = Bounded(blob_bytes, lambda data: len(data) + OVERHEAD)
        self.listings: Bounded[str, Listing] = Bounded(listed_files, lambda listing: len(listing.entries) + 1)
        self.comparisons: Bounded[tuple[int, str, str], Comparison] = Bounded(PATCH_BYTES, _size)
        self.tree_of: Bounded[str, str] = Bounded(COMMITS)
        self.organisations: Bounded[str, Organisation] = Bounded(OWNERS)
        self.properties: Bounded[int, Properties] = Bounded(OWNERS)


def _size(comparison: Comparison) -> int:
    patches = sum(len(file.patch or "") + OVERHEAD for file in comparison.files)
    return patches + sum(len(commit.message) + OVERHEAD for commit in comparison.commits) + OVERHEAD
