"""Line differences: Myers' shortest edit script, change groups slid down as git slides them, hunks of three context lines."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

CONTEXT = 3
EFFORT = 600  # longest edit script searched exactly


class Block(NamedTuple):
    """`size` equal lines, from `old` and `new` (counted from 0)."""

    old: int
    new: int
    size: int


class Hunk(NamedTuple):
    """Line numbers count from 1; `lines` are (sign, text) with sign one of ' ', '+', '-'."""

    old_start: int
    old_count: int
    new_start: int
    new_count: int
    heading: str
    lines: tuple[tuple[str, bytes], ...]


def split_lines(data: bytes) -> tuple[bytes, ...]:
    """Lines with their line feed; only a line feed ends a line, as for git."""
    parts = data.split(b"\n")
    return (*(part + b"\n" for part in parts[:-1]), *((parts[-1],) if parts[-1] else ()))


@lru_cache(maxsize=4096)
def equal_blocks(old: tuple[bytes, ...], new: tuple[bytes, ...]) -> tuple[Block, ...]:
    """Maximal runs of equal lines, in order."""
    removed, added = [False] * len(old), [False] * len(new)
    _mark(old, new, removed, added)
    _slide(old, removed)
    _slide(new, added)
    return tuple(_blocks(removed, added))


def _mark(old: Sequence[bytes], new: Sequence[bytes], removed: list[bool], added: list[bool]) -> None:
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    middle = old[start : len(old) - end], new[start : len(new) - end]
    removed[start : len(old) - end] = [True] * len(middle[0])
    added[start : len(new) - end] = [True] * len(middle[1])
    for i, j in _pairs(*middle):
        removed[start + i] = added[start + j] = False


def _pairs(old: Sequence[bytes], new: Sequence[bytes]) -> list[tuple[int, int]]:
    if not old or not new:
        return []
    found = _myers(old, new)
    if found is not None:
        return found
    blocks = SequenceMatcher(None, old, new).get_matching_blocks()
    return [(block.a + k, block.b + k) for block in blocks for k in range(block.size)]


def _myers(old: Sequence[bytes], new: Sequence[bytes]) -> list[tuple[int, int]] | None:
    reach = {1: 0}
    history: list[dict[int, int]] = []
    for cost in range(min(len(old) + len(new), EFFORT) + 1):
        history.append(dict(reach))
        for k in range(-cost, cost + 1, 2):
            down = k == -cost or (k != cost and reach[k - 1] < reach[k + 1])
            x = reach[k + 1] if down else reach[k - 1] + 1
            while x < len(old) and x - k < len(new) and old[x] == new[x - k]:
                x += 1
            reach[k] = x
            if x >= len(old) and x - k >= len(new):
                return _trace(history, len(old), len(new))
    return None


def _trace(history: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    for cost in range(len(history) - 1, -1, -1):
        reach, k = history[cost], x - y
        down = k == -cost or (k != cost and reach[k - 1] < reach[k + 1])
        before = k + 1 if down else k - 1
        px = reach[before] if cost else 0
        py = px - before if cost else 0
        while x > px and y > py and (x, y) != (px + (not down), py + down) if cost else x > 0 and y > 0:
            x, y = x - 1, y - 1
            pairs.append((x, y))
        x, y = px, py
    return pairs[::-1]


def _slide(lines: Sequence[bytes], changed: list[bool]) -> None:
    at = 0
    while at < len(lines):
        if not changed[at]:
            at += 1
            continue
        end = at
        while end < len(lines) and changed[end]:
            end += 1
        while end < len(lines) and not changed[end] and lines[at] == lines[end]:
            changed[at], changed[end] = False, True
            at, end = at + 1, end + 1
            while end < len(lines) and changed[end]:
                end += 1
        at = end


def _blocks(removed: Sequence[bool], added: Sequence[bool]) -> list[Block]:
    blocks: list[Block] = []
    i = j = 0
    while True:
        while i < len(removed) and removed[i]:
            i += 1
        while j < len(added) and added[j]:
            j += 1
        start = i, j
        while i < len(removed) and j < len(added) and not removed[i] and not added[j]:
            i, j = i + 1, j + 1
        if i == start[0]:
            return blocks
        blocks.append(Block(start[0], start[1], i - start[0]))


def hunks(old: bytes, new: bytes) -> tuple[Hunk, ...]:
    """Unified hunks of a text change; empty when the texts are equal."""
    a, b = split_lines(old), split_lines(new)
    edges = (Block(0, 0, 0), *equal_blocks(a, b), Block(len(a), len(b), 0))
    edits = [
        (left.old + left.size, right.old, left.new + left.size, right.new)
        for left, right in pairwise(edges)
        if (left.old + left.size, left.new + left.size) != (right.old, right.new)
    ]
    groups: list[list[tuple[int, int, int, int]]] = []
    for edit in edits:
        if groups and edit[0] - groups[-1][-1][1] <= 2 * CONTEXT:
            groups[-1].append(edit)
        else:
            groups.append([edit])
    return tuple(_hunk(a, b, group) for group in groups)


def _hunk(a: Sequence[bytes], b: Sequence[bytes], group: list[tuple[int, int, int, int]]) -> Hunk:
    first, last = group[0], group[-1]
    start, end = max(first[0] - CONTEXT, 0), min(last[1] + CONTEXT, len(a))
    new_start = first[2] - (first[0] - start)
    new_end = last[3] + (end - last[1])
    lines: list[tuple[str, bytes]] = []
    at = start
    for old_from, old_to, new_from, new_to in group:
        lines += [(" ", line) for line in a[at:old_from]]
        lines += [("-", line) for line in a[old_from:old_to]]
        lines += [("+", line) for line in b[new_from:new_to]]
        at = old_to
    lines += [(" ", line) for line in a[at:end]]
    counts = end - start, new_end - new_start
    starts = start + (1 if counts[0] else 0), new_start + (1 if counts[1] else 0)
    return Hunk(starts[0], counts[0], starts[1], counts[1], _heading(a, start), tuple(lines))


def _heading(lines: Sequence[bytes], before: int) -> str:
    for line in reversed(lines[:before]):
        if line[:1].isalpha() or line[:1] in {b"_", b"$"}:
            return line.rstrip()[:80].decode(errors="replace")
    return ""
