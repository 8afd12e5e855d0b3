"""Signals of authorship: what a tool leaves behind, where, and what it is worth."""

from typing import Literal, TypeAlias

from msgspec import Struct

Role: TypeAlias = Literal["writer", "partial", "reviewer", "automation"]
Strength: TypeAlias = Literal["proof", "strong", "hint"]
Place: TypeAlias = Literal["account", "author", "trailer", "marker", "branch", "label", "note"]


class Signal(Struct, frozen=True, omit_defaults=True):
    """One row of the table. Every kind of value is an alternative; all texts are matched without regard to case.

    `tool`: empty for a declaration that names none. `strength`: what it is worth at its best place (`proof` only as an account
    that the platform vouches for). `places`: where it counts; `author` covers the committer, at the strength of a hint.
    `accounts`: numeric ids on github.com; `logins`: logins that nobody else can have; `addresses`: exact, in lower case.
    `keys`: trailer keys in lower case whose value `pattern` has to match whole. `pattern`: of a value, a line or a branch.
    `name`: pattern that the person's name has to match as well, or alone where nothing else is given.
    `unaddressed`: pattern of a trailer's value without an address that can be no person's name.
    `contains`: texts of which one stands in whatever the patterns match. `general`: yields to a row that names a tool in the same line.
    `comment`: looks into HTML comments instead of the visible text. How a row is known, and since when, stands in its file only.
    """

    id: str
    role: Role
    strength: Strength
    places: tuple[Place, ...]
    tool: str = ""
    accounts: tuple[int, ...] = ()
    logins: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    pattern: str = ""
    name: str = ""
    unaddressed: str = ""
    contains: tuple[str, ...] = ()
    general: bool = False
    comment: bool = False


class Signals(Struct, frozen=True):
    """The table. `version`: empty for no table, with which nothing is graded. `keys`: trailer keys that are known and tell nothing.

    `denials`: patterns of lines by which an author says that no tool was used.
    """

    version: str = ""
    rows: tuple[Signal, ...] = ()
    keys: tuple[str, ...] = ()
    denials: tuple[str, ...] = ()
