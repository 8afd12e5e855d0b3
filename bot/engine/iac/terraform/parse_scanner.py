"""Small steps over a text, as the parser of HCL takes them."""

from __future__ import annotations

import re
from typing import NoReturn

from msgspec import Struct

from bot.engine.iac.terraform.parse_source import Source
from bot.engine.model.resource import UnreadCause
from bot.engine.model.span import Span
from bot.engine.pattern import Pattern

_SPACE = Pattern(r"(?>[ \t]+|/\*.*?\*/|(?:#|//)[^\n]*)*+", re.DOTALL)
_ANY_SPACE = Pattern(r"(?>[ \t\n]+|\r\n|/\*.*?\*/|(?:#|//)[^\n]*)*+", re.DOTALL)
NAME = Pattern(r"[^\W\d][\w-]*")


class Refusal(Struct, frozen=True):
    """Where HCL refuses the text (offset in code points), and what it wanted."""

    offset: int
    detail: str


class Stop(Exception):  # noqa: N818 — carries the refusal to the door
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.detail)
        self.refusal = refusal


class Refused(Exception):  # noqa: N818 — said of an expression, as `NotReadable` is of a document
    """An expression that is not read; caught at its attribute, never seen outside the parser."""

    def __init__(self, detail: str, cause: UnreadCause = "limit") -> None:
        super().__init__(detail)
        self.detail = detail
        self.cause: UnreadCause = cause


class Scanner:
    """A place in a text. `loose`: newlines are white space, as inside brackets. `depth`: of what is being read."""

    def __init__(self, source: Source, nesting: int) -> None:
        self.source = source
        self.text = source.text
        self.nesting = nesting
        self.at = 0
        self.depth = 0

    def fail(self, wanted: str) -> NoReturn:
        raise Stop(Refusal(self.at, wanted))

    def space(self, *, loose: bool = False) -> None:
        match = (_ANY_SPACE if loose else _SPACE).match(self.text, self.at)
        self.at = match.end() if match else self.at

    def take(self, pattern: Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return match

    def sees(self, text: str) -> bool:
        return self.text.startswith(text, self.at)

    def skip(self, text: str) -> bool:
        found = self.text.startswith(text, self.at)
        self.at += len(text) if found else 0
        return found

    def need(self, text: str, wanted: str) -> None:
        if not self.skip(text):
            self.fail(wanted)

    def is_keyword(self, word: str) -> bool:
        match = NAME.match(self.text, self.at) if self.sees(word) else None
        return match is not None and match.group() == word

    def need_keyword(self, word: str) -> None:
        if not self.is_keyword(word):
            self.fail(f"`{word}`")
        self.at += len(word)

    def enter(self) -> None:
        """One level deeper. Raises `Refused`; who catches it restores `depth`."""
        self.depth += 1
        if self.depth > self.nesting:
            raise Refused("nesting")

    def since(self, start: int) -> Span:
        """From an offset to here."""
        return self.source.span(start, self.at)


def across(first: Span, last: Span) -> Span:
    """From the start of one to the end of the other."""
    return Span(first.path, first.line, first.column, last.end_line, last.end_column)
