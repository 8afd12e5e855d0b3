"""Identifiers that are bare numbers: what directly follows the name of a framework, word by word."""

from __future__ import annotations

import re

from msgspec import Struct

from bot.engine.claims.citations.grammar import PLATFORMS, Grammar

_STEP = re.compile(
    r"(?P<space>[\s:;,\u2013\u2014/|&()\[\]§#\"'`*.-]+)|(?P<marked>[vV]\.?\s?\d+(?:\.\d+){0,2}(?![\w.]*\w))|(?P<word>[A-Za-z][A-Za-z0-9-]*)(?!\w|\.\w)"
)
_FILLERS = frozenset(
    "foundations foundation benchmark benchmarks platform cloud web services microsoft the dss standard compliance compliant security "
    "critical and or to through in of for version v rev reference ref see per under policy framework profile".split()
)
_POINTING = frozenset(
    "requirement requirements req reqs section sections sec recommendation recommendations rec recs rule rules item items check checks "
    "control controls id ids no safeguard safeguards".split()
)
# Versions of PCI DSS: https://www.pcisecuritystandards.org/document_library
_PCI = frozenset("1.2.1 2.0 3.0 3.1 3.2 3.2.1 4.0 4.0.1".split())
# Two parts, as the first of a section's number: versions of CIS benchmarks that recommendations could be as well.
_CIS = re.compile(r"[1-9]\.[0-9]|1\.1[0-2]")
_BEFORE = re.compile(
    r"(?:requirements?|req\.?|controls?|recommendations?|sections?|§)\s{0,2}((?:\d{1,2}(?:\.\d{1,2}){1,4}(?:,\s?|\s(?:and|or)\s|\s?[/&]\s?)?){1,6})"
    r"\s?(?:\(|\[|,|of|from|in|under|for|per)?\s?(?:the\s)?$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,4}")
FURTHEST = 160  # characters behind the name


class Chain(Struct, frozen=True):
    """`spans`: of the identifiers. `platform`: of a CIS benchmark, empty for none named, None for one without a table."""

    spans: tuple[tuple[int, int], ...] = ()
    edition: str = ""
    platform: str | None = ""


class _Number(Struct, frozen=True):
    start: int
    end: int
    said: str
    pointed: bool
    between: str


class _Walk:
    """The words behind a name, as far as they belong to it."""

    def __init__(self, said: str, grammar: Grammar) -> None:
        self._said, self._grammar = said, grammar
        self.edition = ""
        self.platform: str | None = ""
        self.numbers: list[_Number] = []
        self._pointed, self._last = False, 0

    def along(self, at: int, end: int) -> None:
        self._last = at
        while at < end:
            number = self._grammar.identifier.match(self._said, at)
            step = None if number else _STEP.match(self._said, at)
            if number is not None:
                self._number(number)
                at = number.end()
            elif step is None or not self._takes(step):
                return
            else:
                at = step.end()

    def _number(self, found: re.Match[str]) -> None:
        between = self._said[self._last : found.start()]
        self.numbers.append(_Number(found.start(), found.end(), found[0], self._pointed, between))
        self._pointed, self._last = False, found.end()

    def _takes(self, step: re.Match[str]) -> bool:
        if step["marked"]:
            self.edition = self.edition or step["marked"].lstrip("vV. ")
            return True
        word = (step["word"] or "").lower()
        if not word:
            is_end = ". " in step[0] and not self._pointed
            self._pointed = self._pointed or any(mark in step[0] for mark in "§#")
            return not is_end
        if self._grammar.table == "cis" and word in PLATFORMS and not self.numbers and not (word == "controls" and self.platform):
            return self._is_on(word)
        if word in _POINTING:
            self._pointed = True
            return True
        return word in _FILLERS and not (self.numbers and word in ("in", "of", "for", "the"))

    def _is_on(self, word: str) -> bool:
        """A platform without a table is final."""
        self.platform = None if self.platform is None else PLATFORMS[word]
        self._pointed = self._pointed or word == "controls"
        return True


def chain(said: str, start: int, end: int, limit: int, grammar: Grammar) -> Chain:
    """What belongs to the name of a framework that stands at `start` to `end`; nothing at or behind `limit` does."""
    walk = _Walk(said, grammar)
    walk.along(end, min(limit, end + FURTHEST))
    numbers = walk.numbers
    edition = walk.edition
    if numbers and not edition and (is_edition := _is_edition(numbers, grammar)) is not False:
        edition, numbers = (numbers[0].said, numbers[1:]) if is_edition else ("", [])
    spans = [(number.start, number.end) for number in numbers if not _is_address(number.said)]
    return Chain((*_before(said, start), *spans), edition, walk.platform)


def _is_edition(numbers: list[_Number], grammar: Grammar) -> bool | None:
    """Whether the first number is an edition; None where it could be either, so that nothing is said about any."""
    first, rest = numbers[0], numbers[1:]
    if first.pointed or grammar.table == "nist171":
        return False
    if grammar.table == "pci":
        return first.said in _PCI
    if first.said.endswith(".0"):
        return True
    if not _CIS.fullmatch(first.said):
        return False
    if not rest or "," in rest[0].between or rest[0].between.strip().lower() in ("and", "or", "/", "&"):
        return None
    is_range = rest[0].said.count(".") == first.said.count(".") and not rest[0].pointed
    return None if is_range else True


def _before(said: str, start: int) -> tuple[tuple[int, int], ...]:
    """The numbers of `requirement 3.4 of`, in front of the name."""
    found = _BEFORE.search(said, max(0, start - FURTHEST), start)
    return tuple((one.start(), one.end()) for one in _NUMBER.finditer(said, found.start(1), found.end(1))) if found else ()


def _is_address(said: str) -> bool:
    parts = said.split(".")
    return len(parts) == 4 and "0" in parts  # noqa: PLR2004 - an address of the Internet has four
