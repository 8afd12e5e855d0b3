"""What a comment asks for, read from its first words.

A command stands at the very beginning of a comment. What is quoted, fenced, indented as code, or mentioned further down is none.
A command that is not understood in full is refused: nothing is done by half.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from difflib import get_close_matches
from typing import get_args

from msgspec import Struct

from bot.engine.decisions.question import Command, Refused, Word
from bot.engine.pattern import Pattern

MAX_BODY = 70_000  # a comment holds at most 65,536 characters
MAX_REASON = 1_000
MAX_ECHO = 40
LONGEST_WAIVER = 30  # days, where no configuration says otherwise
WORDS: tuple[Word, ...] = get_args(Word)
NUMBERED = frozenset({"accept", "reject", "reopen", "waive", "dispute", "explain"})
REASONED = frozenset({"accept", "reject", "waive", "dispute", "break-glass"})
DATED = frozenset({"accept", "waive"})
MEANT: dict[str, Word] = {"approve": "accept", "ok": "accept", "lgtm": "accept", "allow": "accept", "deny": "reject", "decline": "reject"}
MEANT |= {"rerun": "recheck", "retry": "recheck", "bypass": "break-glass", "undo": "reopen", "why": "explain", "ignore": "waive"}

# Characters that take no room: dropped, because a copy brings them along. Those that turn the direction make a line read otherwise
# than it is, and refuse it (https://trojansource.codes).
_NO_WIDTH = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD))
_TURNS = Pattern("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_UNSTORED = Pattern("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_COMMAND = Pattern(r" {0,3}/countersign(?![^\s.,;:!?])", re.IGNORECASE)
_BREAKS = Pattern(r" {0,3}(?:>|```|~~~)")
_FENCE = Pattern(r" {0,3}(```+|~~~+)")
_NUMBER = Pattern(r"([JV])-?0*([1-9][0-9]{0,5})", re.IGNORECASE)
_DAY = Pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LATE_UNTIL = Pattern(r"\buntil\s+[0-9]{4}-[0-9]{2}-[0-9]{2}\W*\Z", re.IGNORECASE)
_ENDING = ".,;:!?"


class Calendar(Struct, frozen=True):
    """The day (UTC) of a command, and how many days it may waive for."""

    today: date
    longest: int

    @property
    def latest(self) -> str:
        """The last day of a waiver that begins today."""
        return (self.today + timedelta(days=self.longest)).isoformat()


class Parts(Struct, frozen=True):
    """The words of a command. `head`: those before `because`; `reason`: what follows it, None where the word is not there."""

    word: str
    head: tuple[str, ...]
    reason: str | None


def parse(body: str, today: date, thread: str = "", longest: int = LONGEST_WAIVER) -> Command | Refused | None:
    """The command of a comment; why it is none that can be followed; None for a comment that begins with no command.

    `today`: in UTC. `thread`: the number of the question in whose thread the comment is a reply; no number is needed then.
    `longest`: days that a violation may be waived for.
    """
    lines = _lines(body)
    if not lines or not _COMMAND.match(lines[0]):
        return None
    if any(_COMMAND.match(line) for line in _outside(lines[1:])):
        return Refused("two")
    paragraph = tuple(_paragraph(lines))
    if _TURNS.search(lines[0]):
        return Refused("direction")
    parts = _parts(paragraph)
    if not parts.word:
        return Refused("no-word", {"words": ", ".join(WORDS)})
    word = next((name for name in WORDS if name == parts.word), None)
    return _misspelt(parts.word) if word is None else _read(word, parts, Calendar(today, longest), thread.upper())


def number(text: str) -> str:
    """The number of a question as it is written everywhere (`J-2`), of `j2`, `J-02`; empty for what is none."""
    found = _NUMBER.fullmatch(text)
    return f"{found[1].upper()}-{found[2]}" if found else ""


def _read(word: Word, parts: Parts, calendar: Calendar, thread: str) -> Command | Refused:
    named, rest = _named(parts.head)
    until, left = _until(rest)
    asked = named or (thread if word in NUMBERED else "")
    refused = (
        _number_fault(word, named, left, thread)
        or _surplus_fault(word, parts, left, asked)
        or _until_fault(word, until, calendar, asked)
        or _reason_fault(word, parts.reason, until, asked)
    )
    if refused is not None:
        return refused
    day = date.fromisoformat(until) if until else None
    return Command(word, asked, day, (parts.reason or "") if word in REASONED or word == "reopen" else "")


def _named(head: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The number that stands behind the word, and what follows it."""
    found = number(head[0]) if head else ""
    return (found, head[1:]) if found else ("", head)


def _until(head: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]]:
    """The text behind `until`, None where the word is not there, and the words that are left."""
    if head and head[0].lower() == "until":
        return (head[1] if len(head) > 1 else ""), head[2:]
    return None, head


def _number_fault(word: Word, named: str, left: tuple[str, ...], thread: str) -> Refused | None:
    if word not in NUMBERED:
        return _refused("takes-no-number", word, number=named) if named else None
    if named and thread and named != thread:
        return _refused("other-thread", word, number=named, thread=thread)
    if named or thread:
        return _refused("one-number", word, number=named) if left and number(left[0]) else None
    return _refused("no-number", word)


def _surplus_fault(word: Word, parts: Parts, left: tuple[str, ...], asked: str) -> Refused | None:
    if not left:
        return None
    if word in REASONED and parts.reason is None:
        return _refused("no-because", word, number=asked, found=_echo(" ".join(left)))
    return _refused("surplus", word, number=asked, found=_echo(" ".join(left)))


def _until_fault(word: Word, until: str | None, calendar: Calendar, asked: str) -> Refused | None:
    today, latest = calendar.today, calendar.latest
    if until is None:
        return _refused("no-until", word, number=asked, latest=latest) if word == "waive" else None
    if word not in DATED:
        return _refused("takes-no-until", word, number=asked)
    day, form = _day(until), f"{word}-until" if word == "accept" else word
    if day is None:
        return _refused("not-a-day", word, number=asked, found=_echo(until), instead=form, latest=latest)
    if day < today:
        return _refused("past", word, number=asked, day=until, today=today.isoformat(), instead=form, latest=latest)
    if word == "waive" and day > date.fromisoformat(latest):
        return _refused("too-long", word, number=asked, day=until, latest=latest, days=calendar.longest)
    return None


def _reason_fault(word: Word, reason: str | None, until: str | None, asked: str) -> Refused | None:
    if word not in REASONED:
        return None
    if reason is None:
        return _refused("no-because", word, number=asked, found="")
    if not any(char.isalnum() for char in reason):
        return _refused("no-reason", word, number=asked)
    if len(reason) > MAX_REASON:
        return _refused("long-reason", word, number=asked, length=len(reason), most=MAX_REASON)
    if until is None and word in DATED and _LATE_UNTIL.search(reason):
        return _refused("late-until", word, number=asked, instead=f"{word}-until")
    return None


def _misspelt(text: str) -> Refused:
    meant = next(iter(get_close_matches(text, (*WORDS, *MEANT), n=1, cutoff=0.6)), "")
    near = MEANT.get(meant, meant)
    fields: dict[str, str | int] = {"found": _echo(text), "words": ", ".join(WORDS)}
    return Refused("near-word", {**fields, "near": near}) if near else Refused("other-word", fields)


def _refused(key: str, word: Word, **fields: str | int) -> Refused:
    return Refused(key, {"word": word, **fields})


def _lines(body: str) -> list[str]:
    """The lines from the first that is not blank; a tab before the first word makes code of it, as four blanks do."""
    text = body[:MAX_BODY].replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    lines = text.lstrip("\ufeff\u200b").expandtabs(4).split("\n")
    first = next((at for at, line in enumerate(lines) if line.translate(_NO_WIDTH).strip()), len(lines))
    return [line.replace("\u00a0", " ").replace("\u202f", " ") for line in lines[first:]]


def _outside(lines: list[str]) -> Iterator[str]:
    """The lines outside of fenced code."""
    fence = ""
    for line in lines:
        found = _FENCE.match(line)
        if found and not fence:
            fence = found[1]
        elif found and found[1].startswith(fence):
            fence = ""
        elif not fence:
            yield line


def _paragraph(lines: list[str]) -> Iterator[str]:
    yield lines[0]
    for line in lines[1:]:
        if not line.strip() or _BREAKS.match(line):
            return
        yield line


def _parts(paragraph: tuple[str, ...]) -> Parts:
    """The command's words; of a command that takes no reason the first line alone."""
    tokens = [_token(text) for text in paragraph[0].translate(_NO_WIDTH).split()[1:]]
    word = tokens[0].lower() if tokens else ""
    if word in WORDS and word not in REASONED and word != "reopen":
        paragraph = paragraph[:1]
    pieces = " ".join(paragraph).split(" ")
    at = next((at for at, piece in enumerate(pieces) if _token(piece).lower() == "because"), None)
    head = pieces if at is None else pieces[:at]
    words = [token for piece in head if (token := _token(piece))]
    reason = None if at is None else _UNSTORED.sub("\ufffd", " ".join(" ".join(pieces[at + 1 :]).split()))
    return Parts(word, tuple(words[2:]), reason)


def _token(text: str) -> str:
    """A word without what takes no room, with plain dashes, and without the punctuation at its end."""
    return text.translate(_NO_WIDTH).translate(_DASHES).strip().rstrip(_ENDING)


def _day(text: str) -> date | None:
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _echo(text: str) -> str:
    return text if len(text) <= MAX_ECHO else text[: MAX_ECHO - 1] + "…"
