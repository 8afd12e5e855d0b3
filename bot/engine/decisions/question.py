"""What an answer is given to, who gives it, and why it may not count: values between the edge, the rules of who may, and the reader."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, TypeAlias

from msgspec import Struct

Word: TypeAlias = Literal["accept", "reject", "reopen", "waive", "dispute", "break-glass", "explain", "status", "recheck"]
Permission: TypeAlias = Literal["none", "read", "triage", "write", "maintain", "admin"]


class Command(Struct, frozen=True):
    """What a comment asks for. `number`: of the question (`J-2`), empty where none is named. `reason`: as it was written."""

    word: Word
    number: str = ""
    until: date | None = None
    reason: str = ""


class Refused(Struct, frozen=True):
    """Why a command has no effect. `key`: of a phrase under `command` in the catalogue of words, `fields` its values: data."""

    key: str
    fields: dict[str, str | int] = {}


class Person(Struct, frozen=True):
    """Who commands, as GitHub says it at that moment. `teams`: those of the listed owners (`@org/team`) that it is an active member of;
    `unread`: those of which that cannot be told.

    `kind`: as GitHub names it (User, Bot, Mannequin …).
    """

    id: int
    login: str
    kind: str
    permission: Permission
    teams: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()


class Involved(Struct, frozen=True):
    """Who had a hand in the change: none of them may decide. All are account numbers; `complete` False: GitHub listed not all of them.

    `author`: of the pull request. `pushers`: senders of opened, synchronize, push. `committers`: authors and committers that GitHub links.
    `co_authors`: whose trailer's address belongs to an account. `prompters`: the human that a platform names for its agent.
    """

    author: int
    pushers: frozenset[int] = frozenset()
    committers: frozenset[int] = frozenset()
    co_authors: frozenset[int] = frozenset()
    prompters: frozenset[int] = frozenset()
    complete: bool = True


class Asked(Struct, frozen=True):
    """One question or violation as it was last published before the comment was written. `owners`: accounts and teams that may answer it.

    `least`: the permission that they need. `bound`: see `binding`. `head`: the commit it was published on. `told`: what decides, as it is
    shown (path → value); it goes into the decision. `file`: in which it is shown, by which code owners are told. Made by `questions` in
    `bot.report.answer`.
    For a break-glass, which is about the whole change: `owners` are the teams that may, `bound` is `whole` of `binding`, `number` and
    `result` are empty.
    """

    number: str
    result: str
    bound: str
    treatment: Literal["violation", "judgment"]
    category: str
    rule: str
    owners: tuple[str, ...]
    least: Permission = "write"
    head: str = ""
    published: datetime | None = None
    told: dict[str, str] = {}
    file: str = ""
