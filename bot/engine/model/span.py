"""Where something is written."""

from msgspec import Struct


class Span(Struct, frozen=True, order=True):
    """A place in a file of the tree: POSIX path relative to the tree's root, lines and columns from 1, end exclusive in columns."""

    path: str
    line: int
    column: int = 1
    end_line: int = 0
    end_column: int = 0

    @property
    def last_line(self) -> int:
        return self.end_line or self.line


NOWHERE = Span("", 0)
