"""Which definitions a block depends on: what it names, through local values, and what its values were read from."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.modules import Module
from bot.engine.iac.terraform.references import references
from bot.engine.model.value import Value

_KEY = re.compile(r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]')


def without_keys(address: str) -> str:
    """The address of the definition."""
    return _KEY.sub("", address) if "[" in address else address


class Dependencies:
    """Remembers what each block and local value names, for all instances of a directory."""

    def __init__(self) -> None:
        self._names: dict[int, tuple[s.Block, tuple[str, ...]]] = {}
        self._locals: dict[tuple[str, str], tuple[str, ...]] = {}

    def of(self, module: Module, definition: str, block: s.Block, attributes: Mapping[str, Value]) -> tuple[str, ...]:
        """Addresses without keys, sorted; never the block itself."""
        found = {module.definition + name for name in self._of_block(module, block)}
        for value in attributes.values():
            found.update(map(without_keys, value.refs))
        found.discard(definition)
        return tuple(sorted(found))

    def _of_block(self, module: Module, block: s.Block) -> tuple[str, ...]:
        kept = self._names.get(id(block))
        if kept is None:
            kept = self._names[id(block)] = (block, self._named(module, [block], set()))
        return kept[1]

    def _named(self, module: Module, start: list[object], seen: set[str]) -> tuple[str, ...]:
        configuration = module.configuration
        found: set[str] = set()
        pending = start
        while pending:
            for names in references(pending.pop()):
                if names[0] == "local" and names[1] not in seen:
                    seen.add(names[1])
                    written = configuration.locals.get(names[1])
                    if written is not None:
                        pending.append(written)
                address = ".".join(names)
                if address in configuration.resources or (names[0] == "module" and names[1] in configuration.modules):
                    found.add(address)
        return tuple(sorted(found))
