"""Patterns for paths and addresses: `*` within a part, `**` across parts, `?` for one letter."""

from __future__ import annotations

import re
from functools import lru_cache


def matches(glob: str, text: str, *, parts: bool = False) -> bool:
    """Whether the whole text fits. With `parts` a single `*` does not cross `/`."""
    return _pattern(glob, parts=parts).fullmatch(text) is not None


@lru_cache(maxsize=1024)
def _pattern(glob: str, *, parts: bool) -> re.Pattern[str]:
    inside = "[^/]" if parts else "."
    out = []
    for piece in re.findall(r"\*\*/|\*+|\?|[^*?]+", glob):
        if piece == "**/" and parts:
            out.append("(?:.*/)?")
        elif piece.startswith("*"):
            out.append(".*" if len(piece) > 1 else f"{inside}*")
        else:
            out.append(inside if piece == "?" else re.escape(piece))
    return re.compile("".join(out), re.DOTALL)
