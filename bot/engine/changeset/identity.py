"""git's object ids: what a listing names is checked by computing it again.

An id is the hash of a header with kind and size, and the content (https://git-scm.com/book/en/v2/Git-Internals-Git-Objects).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from bot.engine.model.snapshot import Entry

Kind: TypeAlias = Literal["blob", "tree"]

SHA1_WIDTH, SHA256_WIDTH = 40, 64
DIRECTORY = "40000"


def started(kind: Kind, size: int, width: int = SHA1_WIDTH) -> hashlib._Hash:
    """The hash of an object whose content follows. `size` in bytes; `width`: hexadecimal digits of an id."""
    name = "sha256" if width == SHA256_WIDTH else "sha1"
    return hashlib.new(name, b"%s %d\0" % (kind.encode(), size), usedforsecurity=False)


def object_id(kind: Kind, data: bytes, width: int = SHA1_WIDTH) -> str:
    """The id of an object."""
    state = started(kind, len(data), width)
    state.update(data)
    return state.hexdigest()


def tree_ids(
    entries: Mapping[str, Entry], directories: Iterable[str] = (), width: int = SHA1_WIDTH, stated: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Directory → id of its tree, the root under the empty path. `directories`: those that may be empty. `stated`: ids of directories as
    they are told, which count in the one above for the computed ones.

    Names that are not UTF-8 are lost in a listing: the id of such a directory, and of those above it, differs.
    """
    below: dict[str, list[tuple[bytes, bytes]]] = {"": []}
    for folder in directories:
        _opened(below, folder)
    for path, entry in entries.items():
        folder, _, name = path.rpartition("/")
        _opened(below, folder).append(_row(name, entry.mode.lstrip("0"), entry.oid))
    ids: dict[str, str] = {}
    for folder in sorted(below, key=lambda path: -path.count("/") if path else 1):
        ids[folder] = object_id("tree", b"".join(row for _, row in sorted(below[folder])), width)
        if folder:
            parent, _, name = folder.rpartition("/")
            below[parent].append(_row(name, DIRECTORY, (stated or ids).get(folder, ids[folder])))
    return ids


def _opened(below: dict[str, list[tuple[bytes, bytes]]], folder: str) -> list[tuple[bytes, bytes]]:
    """The rows of a directory; it and those above it exist from now on."""
    rows = below.get(folder)
    if rows is None:
        rows = below[folder] = []
        _opened(below, folder.rpartition("/")[0])
    return rows


def _row(name: str, mode: str, oid: str) -> tuple[bytes, bytes]:
    """The key git sorts a row of a tree by (a directory as if its name ended in a slash), and the row."""
    encoded = name.encode("utf-8", "surrogatepass")
    return encoded + (b"/" if mode == DIRECTORY else b""), b"%s %s\0" % (mode.encode(), encoded) + bytes.fromhex(oid)
