"""The rules of a policy in the order of their ids; those of an installation are decoded one by one, when something asks for them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import overload

import msgspec

from bot.engine.model.rule import Rule


class Some(Sequence[Rule]):
    """Some of the rules, by their numbers. Equal to every sequence of equal rules."""

    def __init__(self, rules: Rules, numbers: Sequence[int]) -> None:
        self._rules = rules
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[Rule]:
        return map(self._rules.numbered, self._numbers)

    @overload
    def __getitem__(self, at: int) -> Rule: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Rule]: ...
    def __getitem__(self, at: int | slice) -> Rule | Sequence[Rule]:
        return self._rules.numbered(self._numbers[at]) if isinstance(at, int) else Some(self._rules, self._numbers[at])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


class Rules(Some):
    """All of them. `ids`: in their order."""

    def __init__(self, ids: Sequence[str], given: Sequence[Rule | msgspec.Raw]) -> None:
        """`given`: a rule for each id, or what it is encoded as."""
        super().__init__(self, range(len(ids)))
        self.ids = tuple(ids)
        self._given: list[Rule | msgspec.Raw] = list(given)

    def numbered(self, number: int) -> Rule:
        found = self._given[number]
        if isinstance(found, Rule):
            return found
        rule = self._given[number] = _decoder().decode(found)
        return rule

    def named(self, ids: Collection[str]) -> Iterator[Rule]:
        """The rules with these ids."""
        return (self.numbered(number) for number, name in enumerate(self.ids) if name in ids)


@lru_cache(maxsize=1)
def _decoder() -> msgspec.msgpack.Decoder[Rule]:
    return msgspec.msgpack.Decoder(Rule)
