"""Roots that the base does not have. They begin with everything, so only a few views look at them, and only at what is written anew.

What a directory of examples or tests makes for itself is no change of anything that runs; what it calls may be.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec import Struct

from bot.engine.facts import NO_FACTS
from bot.engine.facts.stateful import Stateful
from bot.engine.judgment.difference import Difference
from bot.engine.model.match import Subject
from bot.engine.model.resource import Model
from bot.engine.model.tried_out import is_tried_out


class Arrival(Struct, frozen=True):
    """A root of the head alone, held against nothing. `written`: the paths that the base has already, under whatever name."""

    difference: Difference
    written: Collection[str]

    @property
    def head(self) -> Model:
        return self.difference.head

    def is_new(self, fact: Subject) -> bool:
        """Whether the fact stands in a file that comes with the change, and not in one that only tries things out."""
        return fact.span.path not in self.written and not is_tried_out(fact.span.path)


def arrivals(
    base: Iterable[Model],
    head: Iterable[Model],
    root_of: Mapping[str, str],
    written: Collection[str],
    stateful: Mapping[str, Stateful] = NO_FACTS.stateful,
) -> Iterator[Arrival]:
    """The roots of the head that the base lacks. `root_of`: head root → base root of a moved root."""
    there = {model.root for model in base if model.files}
    for model in head:
        if model.files and root_of.get(model.root, model.root) not in there:
            yield Arrival(Difference(Model(model.root, model.environment, model.language, ()), model, stateful), written)
