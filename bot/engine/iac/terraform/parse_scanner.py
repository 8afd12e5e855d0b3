"""Small steps over a text, as the recogniser of HCL's grammar takes them."""

from __future__ import annotations

import re
from typing import NoReturn

from msgspec import Struct

from bot.engine.pattern import Pattern

_SPACE = Pattern(r"(?:[ \t]+|/\*.*?\*/|(?:#|//)[^\n]*)*", re.DOTALL)
_ANY_SPACE = Pattern(r"(?:[ \t\n]+|\r\n|/\*.*?\*/|(?:#|//)[^\n]*)*", re.DOTALL)
NAME = Pattern(r"[^\W\d][\w-]*")


class Refusal(Struct, frozen=True):
    """Where HCL refuses the text (offset in code points), and what it wanted; `is_limit`: nesting stopped the check."""

    offset: int
    detail: str
    is_limit: bool = False


class Stop(Exception):  # noqa: N818 — carries the refusal to the door
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.detail)
        self.refusal = refusal


class Scanner:
    """A place in a text. `loose`: newlines are white space, as inside brackets.

    `item`: where the argument or block being read begins, -1 between two of them; `open_blocks`: bodies that are open.
    """

    def __init__(self, text: str, nesting: int) -> None:
        self.text = text
        self.nesting = nesting
        self.at = 0
        self.depth = 0
        self.item = -1
        self.open_blocks = 0
        self.arguments: list[tuple[int, int]] = []

    # small steps

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
        match = NAME.match(self.text, self.at)
        return match is not None and match.group() == word

    def need_keyword(self, word: str) -> None:
        if not self.is_keyword(word):
            self.fail(f"`{word}`")
        self.at += len(word)

    def enter(self) -> None:
        self.depth += 1
        if self.depth > self.nesting:
            raise Stop(Refusal(self.at, "nesting", is_limit=True))
