"""The bytes of one source file, and the places in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate, islice

from tree_sitter import Node

from bot.engine.model.resource import UnreadCause
from bot.engine.model.span import Span

BOM = b"\xef\xbb\xbf"
MAX_BROKEN = 100


class Refused(Exception):  # noqa: N818 — said of an expression, as `NotReadable` is of a document
    """An expression that cannot be read; caught at its attribute, never seen outside the parser."""

    def __init__(self, span: Span, cause: UnreadCause, detail: str) -> None:
        super().__init__(detail)
        self.span = span
        self.cause: UnreadCause = cause
        self.detail = detail


class Source:
    """UTF-8 bytes without byte order mark. Columns are Unicode code points from 1.

    Bytes that are not UTF-8 are replaced one by one, so that offsets stay; `broken` says where (the first 100). `first_row`: the row
    of the file, from 0, at which the bytes begin.
    """

    def __init__(self, path: str, data: bytes, first_row: int = 0) -> None:
        self.path = path
        self.first_line = first_row + 1
        self.data = data.removeprefix(BOM)
        self.broken: tuple[tuple[int, int], ...] = ()
        self.is_ascii = self.data.isascii()
        if not self.is_ascii:
            self._replace_broken_bytes()
        self._lines = self.data.split(b"\n")
        self._starts: list[int] = []

    def _replace_broken_bytes(self) -> None:
        try:
            self.data.decode()
        except UnicodeDecodeError:
            text = self.data.decode("utf-8", "surrogateescape")
            rows = [line.encode("utf-8", "surrogateescape") for line in text.split("\n")]
            places = ((row, column) for row, line in enumerate(rows) if not line.isascii() for column in _broken_columns(line))
            self.broken = tuple(islice(places, MAX_BROKEN))
            self.data = text.encode("utf-8", "replace")

    def span(self, first: Node, last: Node | None = None) -> Span:
        """From the start of `first` to the end of `last` (or of `first`)."""
        row, column = first.start_point
        end_row, end_column = (last or first).end_point
        if self.is_ascii:
            return Span(self.path, row + self.first_line, column + 1, end_row + self.first_line, end_column + 1)
        return Span(
            self.path, row + self.first_line, self._column(row, column), end_row + self.first_line, self._column(end_row, end_column)
        )

    def _column(self, row: int, column: int) -> int:
        if self.is_ascii:
            return column + 1
        return len(self._lines[row][:column].decode("utf-8", "replace")) + 1

    def span_of(self, start: int, end: int) -> Span:
        """The place of the bytes from `start` to `end`."""
        row, column = self._point(start)
        end_row, end_column = self._point(end)
        return Span(
            self.path, row + self.first_line, self._column(row, column), end_row + self.first_line, self._column(end_row, end_column)
        )

    def _point(self, offset: int) -> tuple[int, int]:
        if not self._starts:
            self._starts = [0, *accumulate(len(line) + 1 for line in self._lines[:-1])]
        row = bisect_right(self._starts, offset) - 1
        return row, offset - self._starts[row]

    def text(self, node: Node) -> str:
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")


def _broken_columns(line: bytes) -> Iterator[int]:
    """Columns, in bytes from 0, of the bytes of a line that are no part of a UTF-8 sequence."""
    column = 0
    for character in line.decode("utf-8", "surrogateescape"):
        is_broken = "\udc80" <= character <= "\udcff"
        if is_broken:
            yield column
        column += 1 if is_broken else len(character.encode())


class PlacedSource(Source):
    """A source whose every part stands at one place: text that was itself a value of another file."""

    def __init__(self, place: Span, data: bytes) -> None:
        super().__init__(place.path, data)
        self.place = place

    def span(self, first: Node, last: Node | None = None) -> Span:  # noqa: ARG002 — the place is known
        return self.place

    def span_of(self, start: int, end: int) -> Span:  # noqa: ARG002
        return self.place
