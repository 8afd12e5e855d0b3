"""What the core reads through, from a clone, a directory or GitHub: two listings, and blobs on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.model.snapshot import Snapshot

MAX_TOTAL = 512_000_000
LFS = b"version https://git-lfs.github.com/spec/"  # https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
MAX_LFS = 1024
GIT_CRYPT = b"\0GITCRYPT\0"  # https://github.com/AGWA/git-crypt/blob/master/commands.cpp


class Blob(Struct, frozen=True):
    """Bytes, or the reason why they are not supplied."""

    data: bytes | None
    refused: str = ""


class Source(Protocol):
    """Where blobs come from."""

    def blob(self, oid: str, limit: int) -> Blob:
        """The bytes of a blob of either tree, unless it has more than `limit`."""
        ...


def complete(snapshot: Snapshot, source: Source, needs: Callable[[Snapshot], Iterable[str]]) -> Snapshot:
    """The snapshot with every blob the core asks for; what cannot be supplied stands in `unfetched` with the reason."""
    left = MAX_TOTAL
    while wanted := tuple(needs(snapshot)):
        blobs: dict[str, bytes] = {}
        refused: dict[str, str] = {}
        for oid in wanted:
            blob = source.blob(oid, min(snapshot.limits.file_bytes, left)) if left > 0 else Blob(None, "limit")
            reason = blob.refused or _stands_for_another(blob.data or b"")
            if reason or blob.data is None:
                refused[oid] = reason
            else:
                blobs[oid] = blob.data
                left -= len(blob.data)
        snapshot = replace(snapshot, blobs=snapshot.blobs | blobs, unfetched=snapshot.unfetched | _paths(snapshot, refused))
        if not blobs and not refused:
            break
    return snapshot


def _stands_for_another(data: bytes) -> str:
    """Why these bytes are not what a checkout holds; empty when they are."""
    if data.startswith(GIT_CRYPT):
        return "git-crypt"
    return "lfs" if len(data) <= MAX_LFS and data.startswith(LFS) else ""


def _paths(snapshot: Snapshot, refused: dict[str, str]) -> dict[str, str]:
    if not refused:
        return {}
    both = (snapshot.base.entries, snapshot.head.entries)
    return {path: refused[entry.oid] for entries in both for path, entry in entries.items() if entry.oid in refused}
