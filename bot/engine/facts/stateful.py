"""Which resource types keep something that cannot be made again, what forces their replacement, and what guards them."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Literal, TypeAlias

import msgspec

from bot.engine.facts.table import Table

Keeps: TypeAlias = Literal["data", "guard", "service"]


class Forcing(msgspec.Struct, frozen=True, array_like=True):
    """An argument whose change replaces the resource. A path that ends in `.*` stands for all below it.

    `computed`: the provider fills it in where it is not set. `default`: what holds there. `certain`: it replaces in every case.
    """

    path: str
    computed: bool = False
    default: str | None = None
    certain: bool = True


class Guard(msgspec.Struct, frozen=True, array_like=True):
    """An argument that protects what is kept. `safe`: the value that protects; `set` is any, `nonzero` any number but 0, `more` a
    number that is not lowered, `forever` the same where 0 has no end. `default`: what holds where it is not set."""

    path: str
    safe: str
    default: str | None = None


class Stateful(msgspec.Struct, frozen=True, array_like=True):
    """One type. `kind`: what it is, in a word (`database`, `object-store`).

    `keeps`: `data` that is lost with it; `guard`: it protects what others keep; `service`: what clients rely on.
    """

    kind: str
    keeps: Keeps
    forces: tuple[Forcing, ...] = ()
    guards: tuple[Guard, ...] = ()


class StatefulTypes(Mapping[str, Stateful]):
    """The table of them by type, each read when it is asked for. Without a table no type is known to keep anything."""

    def __init__(self, table: Table | None = None) -> None:
        self._table = table
        self._read: dict[str, Stateful] = {}

    def __getitem__(self, name: str) -> Stateful:
        if name not in self._read:
            record = self._table.record(name) if self._table else None
            if record is None:
                raise KeyError(name)
            self._read[name] = _decoder().decode(record)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._table.names if self._table else ())

    def __len__(self) -> int:
        return len(self._table.names) if self._table else 0


@lru_cache(maxsize=1)
def _decoder() -> msgspec.msgpack.Decoder[Stateful]:
    return msgspec.msgpack.Decoder(Stateful)
