"""Which resource types keep something that cannot be made again, what forces their replacement, and what guards them.

The rows stand in one text for each provider and are read when they are asked for. Their form:

    TYPE KIND KEEPS
     forces PATH…  may PATH…  guards PATH:SAFE…

After a path `?` means that the provider fills it in where it is not set, `=x` that x is its default. `may`: replaced in some cases
only. SAFE is the value that guards: `true`, `false`, `set`, `nonzero`, or itself. A path that ends in `.*` stands for all below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from bot.engine.judgment.tables import aws, azurerm, google, kubernetes

TEXTS: Mapping[str, str] = {
    "aws": aws.TABLE,
    "azurerm": azurerm.TABLE,
    "google": google.TABLE,
    "kubernetes": kubernetes.TABLE,
}
_PATH = re.compile(r"(?P<path>[^?=:]+)(?::(?P<safe>[^=]+))?(?P<computed>\?)?(?:=(?P<default>.*))?")


class Forcing(Struct, frozen=True):
    """An argument whose change replaces the resource. `computed`: the provider fills it in. `certain`: in every case."""

    path: str
    computed: bool = False
    default: str | None = None
    certain: bool = True


class Guard(Struct, frozen=True):
    """An argument that protects what is kept. `safe`: the value that protects. `default`: what holds where it is not set."""

    path: str
    safe: str
    default: str | None = None


class Stateful(Struct, frozen=True):
    """One type. `kind`: what it is, in a word (`database`, `object-store`).

    `keeps`: `data` that is lost with it; `guard`: it protects what others keep; `service`: what clients rely on.
    """

    kind: str
    keeps: str
    forces: tuple[Forcing, ...] = ()
    guards: tuple[Guard, ...] = ()


class Table(Mapping[str, Stateful]):
    """Rows by type, read from the texts and remembered."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._read: dict[str, Stateful | None] = {}

    def __getitem__(self, name: str) -> Stateful:
        if name not in self._read:
            self._read[name] = self._row(name)
        found = self._read[name]
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return (line.partition(" ")[0] for text in self._texts.values() for line in text.split("\n") if line[:1].strip())

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _row(self, name: str) -> Stateful | None:
        text = self._texts.get(name.partition("_")[0], "")
        start = text.find(f"\n{name} ")
        if start < 0:
            return None
        head, *rest = re.split(r"\n (?! )", text[start + 1 : _end(text, start + 1)])
        words = {word: items for word, *items in (line.split() for line in rest)}
        forces = [_forcing(item, certain=True) for item in words.get("forces", ())]
        forces += [_forcing(item, certain=False) for item in words.get("may", ())]
        _, kind, keeps = head.split()
        return Stateful(kind, keeps, tuple(forces), tuple(map(_guard, words.get("guards", ()))))


def _end(text: str, start: int) -> int:
    found = re.compile(r"\n(?! )").search(text, start)
    return found.start() if found else len(text)


def _forcing(item: str, *, certain: bool) -> Forcing:
    found = _PATH.fullmatch(item)
    assert found is not None, item
    return Forcing(found["path"], bool(found["computed"]), found["default"], certain)


def _guard(item: str) -> Guard:
    found = _PATH.fullmatch(item)
    assert found is not None, item
    return Guard(found["path"], found["safe"] or "set", found["default"])


STATEFUL: Mapping[str, Stateful] = Table(TEXTS)
