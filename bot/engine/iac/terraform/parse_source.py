"""The bytes of one source file, and the places in it."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from tree_sitter import Node

from bot.engine.model.resource import UnreadCause
from bot.engine.model.span import Span

BOM = b"\xef\xbb\xbf"


class Refused(Exception):  # noqa: N818 — said of an expression, as `NotReadable` is of a document
    """An expression that cannot be read; caught at its attribute, never seen outside the parser."""

    def __init__(self, span: Span, cause: UnreadCause, detail: str) -> None:
        super().__init__(detail)
        self.span = span
        self.cause: UnreadCause = cause
        self.detail = detail


class Source:
    """UTF-8 bytes without byte order mark. Columns are Unicode code points from 1.

    Bytes that are not UTF-8 are replaced one by one, so that offsets stay; `broken` holds their offsets.
    """

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.data = data.removeprefix(BOM)
        self.is_ascii = self.data.isascii()
        self.broken: tuple[int, ...] = ()
        if not self.is_ascii:
            self._replace_broken_bytes()
        self._lines = self.data.split(b"\n")
        self._starts: list[int] = []

    def _replace_broken_bytes(self) -> None:
        try:
            self.data.decode()
        except UnicodeDecodeError:
            text = self.data.decode("utf-8", "surrogateescape")
            pieces = [b"?" if "\udc80" <= character <= "\udcff" else character.encode() for character in text]
            offset, broken = 0, []
            for character, piece in zip(text, pieces, strict=True):
                if "\udc80" <= character <= "\udcff":
                    broken.append(offset)
                offset += len(piece)
            self.data, self.broken = b"".join(pieces), tuple(broken)

    def span(self, first: Node, last: Node | None = None) -> Span:
        """From the start of `first` to the end of `last` (or of `first`)."""
        row, column = first.start_point
        end_row, end_column = (last or first).end_point
        if self.is_ascii:
            return Span(self.path, row + 1, column + 1, end_row + 1, end_column + 1)
        return Span(self.path, row + 1, self._column(row, column), end_row + 1, self._column(end_row, end_column))

    def _column(self, row: int, column: int) -> int:
        if self.is_ascii:
            return column + 1
        return len(self._lines[row][:column].decode("utf-8", "replace")) + 1

    def span_of(self, start: int, end: int) -> Span:
        """The place of the bytes from `start` to `end`."""
        row, column = self._point(start)
        end_row, end_column = self._point(end)
        return Span(self.path, row + 1, self._column(row, column), end_row + 1, self._column(end_row, end_column))

    def place_of(self, text: str, offset: int) -> Span:
        """The place of one code point of `text`, which is this source decoded."""
        start = text.rfind("\n", 0, offset) + 1
        line, column = text.count("\n", 0, offset) + 1, offset - start + 1
        return Span(self.path, line, column, line, column + 1)

    def _point(self, offset: int) -> tuple[int, int]:
        if not self._starts:
            self._starts = [0, *accumulate(len(line) + 1 for line in self._lines[:-1])]
        row = bisect_right(self._starts, offset) - 1
        return row, offset - self._starts[row]

    def text(self, node: Node) -> str:
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")


class PlacedSource(Source):
    """A source whose every part stands at one place: text that was itself a value of another file."""

    def __init__(self, place: Span, data: bytes) -> None:
        super().__init__(place.path, data)
        self.place = place

    def span(self, first: Node, last: Node | None = None) -> Span:  # noqa: ARG002 — the place is known
        return self.place

    def span_of(self, start: int, end: int) -> Span:  # noqa: ARG002
        return self.place
