"""What a check says of its questions for us alone, in a hidden line: which result each number means, what it rests on, and whose answers
hold. GitHub keeps it, so that answers can be found again when the record is lost.

A check is written by the App and by nobody else. The line stands above the first heading, where nothing of a change is echoed but titles,
which cannot begin a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import get_args

from msgspec import Struct

from bot.engine.decisions.binding import bound
from bot.engine.model.decision import Decision, Verb
from bot.engine.model.result import Result
from bot.engine.model.verdict import Verdict
from bot.engine.pattern import Pattern

KEY, MOST = 32, 100
_MARK = Pattern(r"^<!-- countersign:asked ([1-9][0-9]{0,17})((?: [^\s<>]{1,200})*) -->$")
_ASKED = Pattern(rf"([JV]-[1-9][0-9]{{0,5}}):([0-9a-f]{{{KEY}}}):([0-9a-f]{{32}})")
_SAID = Pattern(rf"([JV]-[1-9][0-9]{{0,5}}):({'|'.join(get_args(Verb))}):([0-9]{{1,18}}):([0-9]{{1,12}})")


class Asked(Struct, frozen=True):
    """What a number means. `key`: of the result, see `key`; `bound`: what an answer to it rests on."""

    number: str
    key: str
    bound: str


class Said(Struct, frozen=True):
    """An answer that held when the check was published. `account`: of who gave it; `at`: when its comment was written."""

    number: str
    verb: str
    account: int
    at: datetime


class Vouched(Struct, frozen=True):
    """What the check of a pull request says."""

    pull: int
    asked: tuple[Asked, ...] = ()
    said: tuple[Said, ...] = ()


def key(result: str) -> str:
    """Of a result's id, which would be long, and would show what it names."""
    return sha256(result.encode("utf-8", "replace")).hexdigest()[:KEY]


def line(verdict: Verdict, pull: int) -> str:
    """The line, with its end. Those with answers first, as far as there is room."""
    found = sorted((item for item in verdict.results if item.number), key=lambda item: item.answer is None and not item.disputes)[:MOST]
    tokens = [f"{item.number}:{key(item.id)}:{bound(item)}" for item in found]
    tokens += [f"{item.number}:{said.verb}:{said.account}:{int(said.at.timestamp())}" for item in found for said in _answers(item)]
    return f"<!-- {' '.join((f'countersign:asked {pull}', *tokens))} -->\n"


def read(summary: str) -> Vouched | None:
    """What a check's summary says; None where it carries no such line."""
    for text in summary.splitlines():
        if text.startswith("#"):
            return None
        if found := _MARK.match(text):
            tokens = found[2].split()
            asked = tuple(Asked(*parts.groups()) for token in tokens if (parts := _ASKED.fullmatch(token)))
            said = tuple(_said(*parts.groups()) for token in tokens if (parts := _SAID.fullmatch(token)))
            return Vouched(int(found[1]), asked, said)
    return None


def _answers(item: Result) -> Iterator[Decision]:
    """Those that were given on this pull request: others stand on their own."""
    found = (*([item.answer] if item.answer else []), *item.disputes)
    yield from (said for said in found if not said.carried)


def _said(number: str, verb: str, account: str, at: str) -> Said:
    return Said(number, verb, int(account), datetime.fromtimestamp(int(at), UTC))
