"""Which definitions a block depends on: what it names, through local values, and what its values were read from."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.configuration import Configuration
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
        self._nodes: dict[int, tuple[s.Block | s.Attribute, frozenset[str]]] = {}
        self._locals: dict[tuple[str, str], frozenset[str]] = {}

    def of(self, module: Module, definition: str, node: s.Block | s.Attribute, attributes: Mapping[str, Value]) -> tuple[str, ...]:
        """Addresses without keys, sorted; never the block itself."""
        kept = self._nodes.get(id(node))
        if kept is None:
            kept = self._nodes[id(node)] = (node, self._named(module.configuration, node))
        found = {module.definition + name for name in kept[1]}
        for value in attributes.values():
            if value.refs:
                found.update(map(without_keys, value.refs))
        found.discard(definition)
        return tuple(sorted(found))

    def _named(self, configuration: Configuration, node: object) -> frozenset[str]:
        direct, names = _split(configuration, node)
        return direct.union(*[self._of_local(configuration, name) for name in names])

    def _of_local(self, configuration: Configuration, name: str) -> frozenset[str]:
        """What a local value depends on, through others; without recursion, since a chain of names may be long."""
        directory = configuration.directory
        pending = [name]
        opened: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
        while pending:
            current = pending[-1]
            if current not in opened and (directory, current) not in self._locals:
                opened[current] = _split(configuration, configuration.locals[current])
                pending.extend(inner for inner in opened[current][1] if inner not in opened)
                continue
            pending.pop()
            if (directory, current) not in self._locals:
                direct, inner = opened[current]
                self._locals[directory, current] = direct.union(*[self._locals.get((directory, name), frozenset()) for name in inner])
        return self._locals[directory, name]


def _split(configuration: Configuration, node: object) -> tuple[frozenset[str], frozenset[str]]:
    """The addresses that a block or expression names itself, and the local values."""
    addresses: set[str] = set()
    names: set[str] = set()
    for found in references(node):
        if found[0] == "local":
            if found[1] in configuration.locals:
                names.add(found[1])
        elif (address := ".".join(found)) in configuration.resources or (found[0] == "module" and found[1] in configuration.modules):
            addresses.add(address)
    return frozenset(addresses), frozenset(names)
