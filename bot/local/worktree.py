"""The working tree as a listing: the index, corrected by what lies on the disk."""

from __future__ import annotations

import os
from collections.abc import Iterable

from bot.engine.model.snapshot import Entry
from bot.local.files import read, real_directory, standing
from bot.local.git import Raw
from bot.local.source import Blob

DELETED = "D"


class WorkingTree:
    """`entries`: path → entry as the disk has it. `changed`: how many files differ from the index or are not in it."""

    def __init__(self, top: str, index: dict[str, Entry], touched: Iterable[Raw], untracked: Iterable[str], width: int) -> None:
        self._top = os.path.realpath(top)
        self._width = width
        self._paths: dict[str, str] = {}
        self.entries = dict(index)
        self.changed = 0
        for item in touched:
            self._take(item.path, index.get(item.path))
        for path in untracked:
            self._take(path, None)

    def blob(self, oid: str, limit: int) -> Blob | None:
        """The bytes of a file that only the disk has; None when it is in the object store."""
        path = self._paths.get(oid)
        return read(os.path.join(self._top, path), limit) if path is not None else None

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
