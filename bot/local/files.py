"""Files of the disk as git would see them: mode and object id, links as their text."""

from __future__ import annotations

import os
import stat
from functools import cache

from bot.engine.changeset.identity import object_id, started
from bot.engine.model.snapshot import Entry
from bot.engine.supply import Blob

CHUNK = 1 << 20


def standing(path: str, width: int = 40) -> Entry | None:
    """Mode and object id of a regular file or a link; None for anything else. `width`: hexadecimal digits of an object id."""
    try:
        status = os.lstat(path)
        if stat.S_ISLNK(status.st_mode):
            return Entry(object_id("blob", os.fsencode(os.readlink(path)), width), "120000")
        if not stat.S_ISREG(status.st_mode):
            return None
        return Entry(_digest(path, status.st_size, width), "100755" if status.st_mode & stat.S_IXUSR else "100644")
    except OSError:
        return None


def read(path: str, limit: int) -> Blob:
    """The bytes of a regular file that is not larger than `limit`, or a link's text; no link is followed."""
    try:
        if os.path.islink(path):
            return Blob(os.fsencode(os.readlink(path)))
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return Blob(None, "missing")
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return Blob(None, "missing")
        # A buffer of the limit's size would keep a memory mapping of its own for each file: 65,530 of them is all a process has.
        data = file.read(min(limit, status.st_size) + 1)
    return Blob(data) if len(data) <= limit else Blob(None, "limit")


def real_directory(top: str, path: str) -> bool:
    """Whether the file's directory really lies below `top`: a directory of the tree may have been replaced by a link."""
    parent = os.path.dirname(path)
    return _lies_below(top, parent) if parent else True


@cache
def _lies_below(top: str, directory: str) -> bool:
    full = os.path.join(top, directory)
    return os.path.realpath(full) == os.path.normpath(full)


def _digest(path: str, size: int, width: int) -> str:
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb", buffering=0) as file:
        if size <= CHUNK:
            return object_id("blob", file.read(), width)
        state = started("blob", size, width)
        while data := file.read(CHUNK):
            state.update(data)
    return state.hexdigest()
