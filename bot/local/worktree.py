"""The working tree as a listing: the index, corrected by what lies on the disk.

git is not asked which files differ: where size and time leave it in doubt it would run the repository's clean filters.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping

from bot.engine.model.snapshot import Entry
from bot.engine.supply import Blob
from bot.local.files import read, real_directory, standing
from bot.local.git import Staged

REGULAR = ("100644", "100755")
SUBMODULE = "160000"
SECOND = 1_000_000_000  # nanoseconds
TICK = SECOND // 50  # a file written when the index was may have been written again since; clocks of file systems tick in milliseconds


class WorkingTree:
    """`entries`: path → entry as the disk has it. `changed`: how many files differ from the index or are not in it."""

    def __init__(self, top: str, index: Mapping[str, Staged], untracked: Iterable[str], width: int) -> None:
        self._top = os.path.realpath(top)
        self._width = width
        self._paths: dict[str, str] = {}
        self.entries: dict[str, Entry] = {path: item.entry for path, item in index.items()}
        self.changed = 0
        written = self._written()
        for path, item in index.items():
            if item.entry.mode != SUBMODULE and self._may_differ(path, item, written):
                self._take(path, item.entry)
        for path in untracked:
            self._take(path, None)

    def blob(self, oid: str, limit: int) -> Blob | None:
        """The bytes of a file that only the disk has; None when it is in the object store."""
        path = self._paths.get(oid)
        return read(os.path.join(self._top, path), limit) if path is not None else None

    def _written(self) -> int:
        try:
            return os.stat(os.path.join(self._top, ".git", "index")).st_mtime_ns
        except OSError:
            return 0

    def _may_differ(self, path: str, item: Staged, written: int) -> bool:
        """Told by size, time and mode alone, as git does; in doubt, yes."""
        try:
            status = os.lstat(os.path.join(self._top, path))
        except OSError:
            return True
        executable = bool(status.st_mode & stat.S_IXUSR)
        if status.st_size != item.size or status.st_mtime_ns != item.modified or not stat.S_ISREG(status.st_mode):
            return True
        if item.entry.mode not in REGULAR or executable != (item.entry.mode == REGULAR[1]):
            return True
        tick = TICK if status.st_mtime_ns % SECOND else 2 * SECOND
        return status.st_mtime_ns + tick >= written

    def _take(self, path: str, known: Entry | None) -> None:
        full = os.path.join(self._top, path)
        found = standing(full, self._width) if real_directory(self._top, path) else None
        if found is None:
            self.changed += self.entries.pop(path, None) is not None
            return
        if known != found:
            self.changed += 1
            self.entries[path] = found
            self._paths[found.oid] = path
