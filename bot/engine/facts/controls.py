"""Controls: which frameworks there are, their editions, and the identifiers of each."""

from __future__ import annotations

from functools import cached_property, lru_cache

import msgspec

from bot.engine.facts.table import Table


class Edition(msgspec.Struct, frozen=True, array_like=True):
    """One edition of a framework. `whole`: it has no further identifiers, but perhaps those that are `doubtful`."""

    version: str
    ids: tuple[str, ...]
    whole: bool = False
    withdrawn: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()


class Framework(msgspec.Struct, frozen=True, array_like=True, dict=True):
    """A framework by its editions, oldest first. `titles`: of works in the public domain.

    `unlisted`: chapter → the highest number that an edition which is not listed may have there.
    """

    editions: tuple[Edition, ...]
    titles: dict[str, str] = {}
    unlisted: dict[str, int] = {}

    @cached_property
    def ids(self) -> dict[str, frozenset[str]]:
        """Version → the identifiers of that edition."""
        return {edition.version: frozenset(edition.ids) for edition in self.editions}

    @cached_property
    def chapters(self) -> dict[str, frozenset[str]]:
        """Version → what the identifiers of that edition stand under: `2` and `2.1` for `2.1.5`, `AC` for `AC-2`."""
        return {version: frozenset(above for one in ids for above in parents(one)) for version, ids in self.ids.items()}


def parents(identifier: str) -> tuple[str, ...]:
    """What an identifier stands under, nearest first: `2.1` and `2` for `2.1.5`; `164.312(a)` and `164.312` for `164.312(a)(1)`."""
    found = []
    at = len(identifier)
    while (at := max(identifier.rfind(mark, 0, at) for mark in ".-(")) > 0:
        found.append(identifier[:at])
    return tuple(found)


class Controls:
    """The table of controls."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._frameworks: dict[str, Framework] = {}

    def names(self) -> tuple[str, ...]:
        """The names of all frameworks, sorted."""
        return self.table.names

    def framework(self, name: str) -> Framework | None:
        """What is known of a framework; None when the table does not have it."""
        found = self._frameworks.get(name)
        if found is None and (record := self.table.record(name)) is not None:
            found = self._frameworks[name] = _decoder().decode(record)
        return found


@lru_cache(maxsize=1)
def _decoder() -> msgspec.msgpack.Decoder[Framework]:
    return msgspec.msgpack.Decoder(Framework)
