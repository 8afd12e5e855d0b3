"""Where an argument or a block ends and where comments stand in it, by its brackets and quotes alone: for text that is not read.

It keeps its own stack, so that no depth is too great for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.engine.pattern import Pattern

_CODE = Pattern(
    r"(?P<comment>(?:#|//)[^\n]*|/\*.*?(?:\*/|\Z))"
    r"|(?P<heredoc><<-?(?P<marker>[^\W\d][\w-]*)\r?\n)"
    r'|(?P<open>[({\["])|(?P<close>[)}\]])|(?P<line>\n)|[^"(){}\[\]#/<\n]+|.',
    re.DOTALL,
)
_QUOTED = Pattern(r'(?P<open>[$%]\{)|(?P<close>")|(?:[^"\\$%]|\\.|\$\$\{|%%\{|[$%](?!\{)|\\)+', re.DOTALL)


def end_of(text: str, at: int) -> int:
    """Where what begins at `at` ends: an argument at its line feed or before the bracket of its block, a block behind its brace."""
    for kind, _, end, depth in _tokens(text, at):
        if depth == 0 and kind == "line":
            return end - 1
        if depth < 0:
            return end - 1
        if depth == 0 and kind == "close" and text[end - 1] == "}" and text[at] == "{":
            return end
    return len(text)


def comments(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The comments that begin from `start` to `end`, at which no text or template is open."""
    found = []
    for kind, begin, last, _ in _tokens(text, start):
        if begin >= end:
            break
        if kind == "comment":
            found.append((begin, last))
    return found


def _tokens(text: str, at: int) -> Iterator[tuple[str, int, int, int]]:
    """Kind, start and end of each piece, and how many brackets and quotes are open behind it."""
    quotes: list[bool] = []
    while at < len(text):
        quoted = bool(quotes) and quotes[-1]
        match = (_QUOTED if quoted else _CODE).match(text, at)
        if match is None:
            return
        kind, start, at = match.lastgroup or "", at, match.end()
        if kind == "heredoc":
            at = _end_of_heredoc(text, at, match["marker"])
        elif kind == "open":
            quotes.append(match.group() == '"')
        elif kind == "close":
            if not quotes:
                yield kind, start, at, -1
                return
            quotes.pop()
        yield kind, start, at, len(quotes)


def _end_of_heredoc(text: str, at: int, marker: str) -> int:
    """Behind the marker that ends it, or the end of the text."""
    found = re.compile(rf"^[ \t]*{re.escape(marker)}(?=[ \t\r]*$)", re.MULTILINE).search(text, at)
    return found.end() if found else len(text)
