"""The text of one source file, and the places in it."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from bot.engine.model.span import Span
from bot.engine.pattern import Pattern

BOM = b"\xef\xbb\xbf"
WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")
PROBED = 8
_BROKEN = Pattern("[\udc80-\udcff]")


class Source:
    """A text, and where each offset (in Unicode code points, from 0) stands: columns count code points from 1.

    `first_row`: the row of the file, from 0, at which the text begins.
    """

    def __init__(self, path: str, text: str, first_row: int = 0) -> None:
        self.path = path
        self.text = text
        self.first_row = first_row
        # Where each line starts; the last is behind the end of the text.
        self.starts = [0, *accumulate([len(line) + 1 for line in text.split("\n")])]

    def span(self, start: int, end: int) -> Span:
        starts = self.starts
        line = last = bisect_right(starts, start)
        if end >= starts[line]:
            last = bisect_right(starts, end)
        first_row = self.first_row
        return Span(self.path, line + first_row, start - starts[line - 1] + 1, last + first_row, end - starts[last - 1] + 1)


class PlacedSource(Source):
    """A source whose every part stands at one place: text that was itself a value of another file."""

    def __init__(self, place: Span, text: str) -> None:
        super().__init__(place.path, text)
        self.place = place

    def span(self, start: int, end: int) -> Span:  # noqa: ARG002 — the place is known
        return self.place


def is_wide(data: bytes) -> bool:
    """Whether the text is UTF-16, by its mark or the zeros beside its first letters, which no language here accepts.
    https://developer.hashicorp.com/terraform/language/syntax/configuration#character-encoding-and-line-endings"""
    head = data[:PROBED]
    return head.startswith(WIDE_BOMS) or (len(head) > 1 and any(not any(head[start::2]) for start in (0, 1)))


def decoded(data: bytes) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text without its byte order mark, and line and column of each byte that is not UTF-8; `?` stands in its place."""
    data = data.removeprefix(BOM)
    try:
        return data.decode(), ()
    except UnicodeDecodeError:
        text = data.decode("utf-8", "surrogateescape")
        source = Source("", text)
        spans = [source.span(match.start(), match.start()) for match in _BROKEN.finditer(text)]
        return _BROKEN.sub("?", text), tuple([(span.line, span.column) for span in spans])
