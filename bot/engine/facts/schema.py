"""The schema of a provider: what a resource type has, what has to be set, and which values are listed."""

from functools import lru_cache
from typing import Literal, TypeAlias

import msgspec

from bot.engine.facts.table import Table

Setting: TypeAlias = Literal["required", "newly-required", "optional", "computed"]


class AttributeFacts(msgspec.Struct, frozen=True, array_like=True):
    """An argument or a nested block. `kind` as the provider's source names it (`string`, `list`, …; `?` when not read).

    `values`: all that the provider takes, empty for anything. `block`: of a nested block, what it holds. `opaque`: what is inside
    was not read. `computed`: only the provider sets it. `newly-required`: by the newest major version, and not by the one before.
    """

    setting: Setting
    kind: str
    values: tuple[str, ...] = ()
    block: dict[str, "AttributeFacts"] | None = None
    opaque: bool = False


class TypeFacts(msgspec.Struct, frozen=True, array_like=True):
    """A resource type. `former`: dotted path → the last major version that had it. `last`: the last major that had the type, 0
    for the newest. `opaque`: it exists, and nothing else is known."""

    attributes: dict[str, AttributeFacts]
    former: dict[str, int] = {}
    last: int = 0
    opaque: bool = False


class Schema:
    """One provider's table."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._types: dict[str, TypeFacts] = {}

    @property
    def version(self) -> tuple[int, ...]:
        """The version the table was made of."""
        return tuple(int(part) for part in self.table.header.version.split("."))

    def type(self, name: str) -> TypeFacts | None:
        """What is known about a resource type; None when the table does not have it."""
        found = self._types.get(name)
        if found is None and (record := self.table.record(name)) is not None:
            found = self._types[name] = _decoder().decode(record)
        return found

    def names(self) -> tuple[str, ...]:
        """The names of all types, sorted."""
        return self.table.names


@lru_cache(maxsize=1)
def _decoder() -> msgspec.msgpack.Decoder[TypeFacts]:
    return msgspec.msgpack.Decoder(TypeFacts)
