"""Identifiers that are bare numbers: what directly follows the name of a framework, word by word."""

from __future__ import annotations

import re

from msgspec import Struct

from bot.engine.claims.citations.grammar import NO_TABLE, PLATFORMS, Grammar
from bot.engine.pattern import Pattern

_STEP = Pattern(
    r"(?P<space>[\s:;,\u2013\u2014/|&()\[\]§#\"'`*.-]+)|(?:[vVrR]|[rR]ev(?:ision)?)\.?\s?(?P<marked>\d+(?:\.\d+){0,2}(?![\w.]*\w))|(?P<word>[A-Za-z][A-Za-z0-9-]*)(?!\w|\.\w)"
)
_FILLER = Pattern(
    r"foundations?|benchmarks?|platform|cloud|web|services|microsoft|the|dss|standard|complian(?:ce|t)|security|critical|and|or|to|through|in|"
    r"of|for|version|v|rev|reference|ref|see|per|under|policy|framework|profile"
)
_POINTING = Pattern(r"(?:requirement|req|section|sec|recommendation|rec|rule|item|check|control|id|safeguard)s?|no")
# Versions of PCI DSS: https://www.pcisecuritystandards.org/document_library
_PCI = Pattern(r"1\.2\.1|2\.0|3\.0|3\.1|3\.2|3\.2\.1|4\.0|4\.0\.1")
# Two parts, as the first of a section's number: versions of CIS benchmarks that recommendations could be as well.
_CIS = Pattern(r"[1-9]\.[0-9]|1\.1[0-2]")
_LISTS = Pattern(r"[,/&]|\b(?:and|or)\b")
_RANGES = Pattern(r"[-\u2013\u2014]|\b(?:to|through)\b")
_BEFORE = Pattern(
    r"(?:requirements?|req\.?|controls?|recommendations?|sections?|§)\s{0,2}((?:\d{1,2}(?:\.\d{1,2}){1,4}(?:,\s?|\s(?:and|or)\s|\s?[/&]\s?)?){1,6})"
    r"\s?(?:\(|\[|,|of|from|in|under|for|per)?\s?(?:the\s)?$",
    re.IGNORECASE,
)
_NUMBER = Pattern(r"\d{1,2}(?:\.\d{1,2}){1,4}")
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
            self.edition = self.edition or step["marked"]
            return True
        word = (step["word"] or "").lower()
        if not word:
            is_end = ". " in step[0] and not self._pointed
            self._pointed = self._pointed or any(mark in step[0] for mark in "§#")
            return not is_end
        return (self._grammar.table == "cis" and not self.numbers and self._is_platform(word)) or self._is_passed(word)

    def _is_platform(self, word: str) -> bool:
        """A platform without a table is final."""
        if NO_TABLE.fullmatch(word):
            self.platform = None
            return True
        if word not in PLATFORMS or (PLATFORMS[word] == "controls" and self.platform):
            return False
        self.platform = None if self.platform is None else PLATFORMS[word]
        self._pointed = self._pointed or PLATFORMS[word] == "controls"
        return True

    def _is_passed(self, word: str) -> bool:
        if _POINTING.fullmatch(word):
            self._pointed = True
            return True
        return _FILLER.fullmatch(word) is not None and not (self.numbers and word in ("in", "of", "for", "the"))


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
    if grammar.table == "cis" and "0" in first.said.split("."):
        return True
    if first.pointed or grammar.table == "nist171":
        return False
    if grammar.table == "pci":
        return _PCI.fullmatch(first.said) is not None
    if not _CIS.fullmatch(first.said):
        return False
    return _is_followed(first, rest)


def _is_followed(first: _Number, rest: list[_Number]) -> bool | None:
    """Whether identifiers follow a number that may be an edition; lists and ranges leave both open."""
    if rest and rest[0].pointed:
        return True
    is_list = not rest or _LISTS.search(rest[0].between) is not None
    is_range = bool(rest) and rest[0].said.count(".") == first.said.count(".") and _RANGES.search(rest[0].between) is not None
    return None if is_list or is_range else True


def _before(said: str, start: int) -> tuple[tuple[int, int], ...]:
    """The numbers of `requirement 3.4 of`, in front of the name."""
    found = _BEFORE.search(said, max(0, start - FURTHEST), start)
    return tuple((one.start(), one.end()) for one in _NUMBER.finditer(said, found.start(1), found.end(1))) if found else ()


def _is_address(said: str) -> bool:
    """Whether it is an address of the Internet."""
    parts = said.split(".")
    return len(parts) == 4 and "0" in parts
