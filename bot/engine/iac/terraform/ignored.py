"""What git leaves out: https://git-scm.com/docs/gitignore. Read broadly: what may be left out counts as left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fnmatch import translate
from functools import lru_cache

MAX_PATTERNS = 500
MAX_PATTERN = 200
DEEP = "**"


@lru_cache(maxsize=64)
def ignored_by(data: bytes) -> tuple[str, ...]:
    """The patterns of an ignore file that leave something out; those that take it back are not looked at."""
    lines = (line.rstrip() for line in data.decode("utf-8", "replace").split("\n")[:MAX_PATTERNS])
    return tuple([line for line in lines if line and not line.startswith(("#", "!")) and len(line) <= MAX_PATTERN])


def ignoring_file(path: str, files: Mapping[str, bytes]) -> str:
    """The ignore file of the tree that leaves out the path or a directory above it; empty when none does."""
    for directory in ancestors(path):
        ignore = f"{directory}/.gitignore".lstrip("/")
        inside = path[len(directory) :].lstrip("/").split("/")
        if ignore in files and any(_leaves_out(pattern, inside) for pattern in ignored_by(files[ignore])):
            return ignore
    return ""


def ancestors(path: str) -> Iterator[str]:
    """The directories above, nearest first; the tree's own is the empty text."""
    while path:
        path = path.rpartition("/")[0]
        yield path


def _leaves_out(pattern: str, parts: list[str]) -> bool:
    if "/" not in pattern.rstrip("/"):
        return any(map(_compiled(pattern.rstrip("/")).match, parts))
    wanted = pattern.strip("/").split("/")
    return any(_match(wanted, parts[: end + 1]) for end in range(len(parts)))


def _match(wanted: list[str], parts: list[str]) -> bool:
    """Whether the names match one by one; `**` stands for any number of them. Takes time in the product of both lengths."""
    at, place, deep, resumed = 0, 0, -1, 0
    while place < len(parts):
        if at < len(wanted) and wanted[at] == DEEP:
            deep, resumed, at = at, place, at + 1
        elif at < len(wanted) and _compiled(wanted[at]).match(parts[place]):
            at, place = at + 1, place + 1
        elif deep >= 0:
            resumed += 1
            at, place = deep + 1, resumed
        else:
            return False
    return all(name == DEEP for name in wanted[at:])


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern))
