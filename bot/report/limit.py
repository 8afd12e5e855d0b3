"""Markdown cut to GitHub's limits at the end of a block, with nothing left open.

A check run takes 65,535 characters of summary and of text, a comment 65,536. Bytes are counted here: never fewer than characters,
and a text of many bytes is refused by some versions of GitHub's storage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.engine.pattern import Pattern

CHECK, COMMENT = 65_535, 65_536
_FENCE = Pattern(r"^ {0,3}(`{3,}|~{3,})")
_DETAILS = Pattern(r"<(/?)details\b", re.IGNORECASE)
_CLOSE = "\n</details>\n"


def size(text: str) -> int:
    """What counts against a limit."""
    return len(text.encode("utf-8", "replace"))


def fit(text: str, limit: int, note: str) -> str:
    """The text when it fits; else as many whole blocks as do, what they left open closed, then the note."""
    if size(text) <= limit:
        return text
    tail = f"\n\n{note}\n"
    room, opened = limit - size(tail) - 2, 0
    kept: list[str] = []
    for block in _pieces(text, room // 2):
        after = opened + _opened(block)
        if size(block) + max(0, after) * len(_CLOSE) > room:
            break
        room, opened = room - size(block), after
        kept.append(block)
    return "".join(kept).rstrip() + "\n" + _CLOSE * opened + tail


def blocks(text: str) -> Iterator[str]:
    """The text in pieces that end with a blank line; a fenced block is one piece."""
    piece: list[str] = []
    fence = ""
    for line in text.splitlines(keepends=True):
        found = _FENCE.match(line)
        if found and not fence:
            fence = found[1]
        elif found and found[1][0] == fence[0] and len(found[1]) >= len(fence) and not line.strip().strip(fence[0]):
            fence = ""
        piece.append(line)
        if not line.strip() and not fence:
            yield "".join(piece)
            piece = []
    if piece:
        yield "".join(piece)


def _pieces(text: str, most: int) -> Iterator[str]:
    """Blocks; one that alone is larger than `most` ends at a line, its fence closed."""
    for block in blocks(text):
        if size(block) <= most:
            yield block
            continue
        found = _FENCE.match(block)
        end = f"{found[1]}\n" if found else ""
        yield from _shortened(block, most, end)


def _shortened(block: str, most: int, end: str) -> Iterator[str]:
    """The lines of a block as far as there is room; a table or list may end after any of them."""
    used, kept = size(end), []
    for line in block.splitlines(keepends=True):
        used += size(line)
        if used > most:
            break
        kept.append(line)
    yield "".join(kept) + end + "\n" if kept else ""


def _opened(block: str) -> int:
    """`<details>` that the block opens less those it closes; what stands in a fence or a code span is neither."""
    if _FENCE.match(block):
        return 0
    text = re.sub(r"(`+).*?\1", "", block)
    return sum(-1 if found[1] else 1 for found in _DETAILS.finditer(text))
