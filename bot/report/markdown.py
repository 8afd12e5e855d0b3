"""Text from a change inside GitHub's Markdown: it pings nobody, links nowhere, closes nothing and breaks no table.

Mentions, issue references and autolinks are found by GitHub in the rendered text, so a backslash does not stop them; a
zero-width space does (https://github.github.com/gfm/#autolinks-extension-). The same for our own commands.
"""

from __future__ import annotations

import re

from bot.engine.pattern import Pattern
from bot.report.clean import line

ZERO_WIDTH = "\u200b"
_SPECIAL = Pattern(r"([\\`*_{}\[\]()#!|~$^])")
_LIST = Pattern(r"^(\s*(?:\d+(?=\.))?)([-+=.])")
_LINKED = Pattern(
    r"(@|#|(?<![A-Za-z])GH-|:(?=//)|www(?=\.)|:(?=[\w+-]+:)|/(?=countersign\b)|&(?=#?\w+;))(?=[^\s])",
    re.IGNORECASE,
)
# The id of a commit becomes a link; not inside code (https://docs.github.com/get-started/writing-on-github, autolinked references).
_COMMIT = Pattern(r"(?<![0-9A-Za-z])([0-9a-f])(?=[0-9a-f]{6,39}(?![0-9A-Za-z]))", re.IGNORECASE)
_BLANKS = Pattern(" {2,}")
_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


class Safe(str):
    """Markdown of ours: not escaped again."""

    __slots__ = ()


def text(value: str) -> Safe:
    """Running text on one line; of several blanks one, or it might become a block of code."""
    unlinked = _COMMIT.sub(r"\1" + ZERO_WIDTH, _unlinked(_BLANKS.sub(" ", line(value))))
    escaped = _SPECIAL.sub(r"\\\1", unlinked)
    return Safe(_LIST.sub(r"\1\\\2", escaped).translate(_HTML))


def code(value: str) -> Safe:
    """An inline code span; its fence is longer than any run of backticks inside."""
    shown = _unlinked(line(value)) or " "
    fence = "`" * (1 + max(map(len, re.findall(r"`+", shown)), default=0))
    pad = " " if shown[0] == "`" or shown[-1] == "`" else ""
    return Safe(f"{fence}{pad}{shown}{pad}{fence}")


def prose(value: str) -> Safe:
    """A sentence whose backticks mark code; either way nothing in it acts."""
    pieces = value.split("`")
    if len(pieces) % 2 == 0:
        return text(value)
    return Safe("".join(code(piece) if position % 2 and piece else text(piece) for position, piece in enumerate(pieces)))


def cell(value: str) -> Safe:
    """A code span inside a table, where a pipe would end the cell even there."""
    return Safe(code(value).replace("|", "\\|"))


def finalize(value: object) -> Safe:
    """What a template puts out: text is escaped unless it is ours."""
    return value if isinstance(value, Safe) else text(str(value))


def _unlinked(value: str) -> str:
    return _LINKED.sub(lambda found: found[1] + ZERO_WIDTH, value)
