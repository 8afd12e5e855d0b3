"""What changed between two trees, as GitHub lists it."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from bot.standin.git.lines import Hunk, hunks, split_lines
from bot.standin.git.objects import MODE_SUBMODULE, Entry, ObjectStore
from bot.standin.git.trees import differing

Status = Literal["added", "removed", "modified", "renamed"]
FILE_LINES, FILE_BYTES = 20_000, 500 * 1024
SIMILAR = 0.5


@dataclass(frozen=True)
class FileChange:
    """One file of a diff. `hunks` are empty for binary files, pure renames and empty files."""

    path: str
    status: Status
    previous: str | None
    old: Entry | None
    new: Entry | None
    binary: bool
    hunks: tuple[Hunk, ...]

    @cached_property
    def additions(self) -> int:
        return sum(sign == "+" for hunk in self.hunks for sign, _ in hunk.lines)

    @cached_property
    def deletions(self) -> int:
        return sum(sign == "-" for hunk in self.hunks for sign, _ in hunk.lines)

    @cached_property
    def text(self) -> str:
        return "\n".join(line for hunk in self.hunks for line in _hunk_text(hunk))

    @property
    def patch(self) -> str | None:
        """None where GitHub leaves the key out: binary, no line changed, too large."""
        if not self.hunks or self.rows > FILE_LINES or len(self.text) > FILE_BYTES:
            return None
        return self.text

    @property
    def rows(self) -> int:
        return sum(len(hunk.lines) + 1 for hunk in self.hunks)

    def diff(self) -> str:
        """The file's part of a whole diff, header included."""
        old = f"a/{self.previous or self.path}"
        new = f"b/{self.path}"
        head = [f"diff --git {old} {new}", *self._extended()]
        if self.binary:
            names = "/dev/null" if self.old is None else old, "/dev/null" if self.new is None else new
            head.append(f"Binary files {names[0]} and {names[1]} differ")
        elif self.hunks:
            head += [f"--- {'/dev/null' if self.old is None else old}", f"+++ {'/dev/null' if self.new is None else new}", self.text]
        return "\n".join(head) + "\n"

    def _extended(self) -> list[str]:
        ids = self.old.oid[:7] if self.old else "0" * 7, self.new.oid[:7] if self.new else "0" * 7
        if self.old is None and self.new is not None:
            return [f"new file mode {self.new.mode:06o}", f"index {ids[0]}..{ids[1]}"]
        if self.new is None and self.old is not None:
            return [f"deleted file mode {self.old.mode:06o}", f"index {ids[0]}..{ids[1]}"]
        lines = [f"rename from {self.previous}", f"rename to {self.path}"] if self.previous else []
        if self.old and self.new and self.old.mode != self.new.mode:
            lines = [f"old mode {self.old.mode:06o}", f"new mode {self.new.mode:06o}", *lines]
        return lines if ids[0] == ids[1] else [*lines, f"index {ids[0]}..{ids[1]}" + (f" {self.new.mode:06o}" if self.new else "")]


def _hunk_text(hunk: Hunk) -> list[str]:
    head = f"@@ -{_range(hunk.old_start, hunk.old_count)} +{_range(hunk.new_start, hunk.new_count)} @@"
    out = [f"{head} {hunk.heading}" if hunk.heading else head]
    for sign, line in hunk.lines:
        out.append(sign + line.removesuffix(b"\n").decode(errors="replace"))
        if not line.endswith(b"\n"):
            out.append("\\ No newline at end of file")
    return out


def _range(start: int, count: int) -> str:
    return str(start) if count == 1 else f"{start},{count}"


def is_binary(data: bytes) -> bool:
    return b"\0" in data[:8000]


def compare_blobs(old: bytes, new: bytes) -> tuple[bool, tuple[Hunk, ...]]:
    """Whether either side is binary, and the hunks if not."""
    return (True, ()) if is_binary(old) or is_binary(new) else (False, hunks(old, new))


_blobs = lru_cache(maxsize=2048)(compare_blobs)


def changes(store: ObjectStore, old: str | None, new: str | None) -> tuple[FileChange, ...]:
    """Changed files between two trees by path, renames found as git finds them (half of the content)."""
    pairs = differing(store, old, new)
    renames = _renames(store, pairs)
    out = []
    for path, (before, after) in pairs.items():
        if path in renames.values():
            continue
        previous = renames.get(path)
        source = pairs[previous][0] if previous else before
        out.append(_change(store, path, previous, source, after))
    return tuple(sorted(out, key=lambda change: change.path))


def _change(store: ObjectStore, path: str, previous: str | None, before: Entry | None, after: Entry | None) -> FileChange:
    status: Status = "renamed" if previous else "added" if before is None else "removed" if after is None else "modified"
    binary, parts = _blobs(_content(store, before), _content(store, after))
    return FileChange(path, status, previous, before, after, binary, parts)


def _content(store: ObjectStore, entry: Entry | None) -> bytes:
    if entry is None:
        return b""
    return f"Subproject commit {entry.oid}\n".encode() if entry.mode == MODE_SUBMODULE else store.data(entry.oid)


def _renames(store: ObjectStore, pairs: dict[str, tuple[Entry | None, Entry | None]]) -> dict[str, str]:
    gone = {path: before for path, (before, after) in pairs.items() if after is None and before is not None}
    found: dict[str, str] = {}
    fresh = {path: after for path, (before, after) in pairs.items() if before is None and after is not None}
    if not gone or len(gone) * len(fresh) > 400 * 400:
        return found
    scores = sorted(
        (
            (_similarity(store, before, after), new, old)
            for new, after in fresh.items()
            for old, before in gone.items()
            if before.kind == after.kind == "blob"
        ),
        key=lambda row: (-row[0], row[1], row[2]),
    )
    for score, new, old in scores:
        if score >= SIMILAR and new not in found and old not in found.values():
            found[new] = old
    return found


def _similarity(store: ObjectStore, one: Entry, other: Entry) -> float:
    if one.oid == other.oid:
        return 1.0 if store.data(one.oid) else 0.0
    a, b = store.data(one.oid), store.data(other.oid)
    if min(len(a), len(b)) < SIMILAR * max(len(a), len(b)):
        return 0.0
    left = dict.fromkeys(split_lines(a), 0)
    for line in split_lines(a):
        left[line] += 1
    kept = 0
    for line in split_lines(b):
        if left.get(line, 0) > 0:
            left[line] -= 1
            kept += len(line)
    return kept / max(len(a), len(b), 1)
