"""Where in its resource a deciding value is written, and what stood there on the base."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from posixpath import dirname

from bot.engine.changeset.moves import moved_address, moves_between
from bot.engine.decisions.binding import digest
from bot.engine.model.match import Match
from bot.engine.model.resource import Model, Resource
from bot.engine.model.result import Line
from bot.engine.model.span import Span
from bot.engine.model.value import Known, Value, plain
from bot.engine.views.reading import named

MAX_DEPTH = 12
_NAMED = {"variable": "var.{name}", "local": "local.{name}", "module": "module.{name}", "data": "data.{type}.{name}"}


class Former:
    """The resources of the base, found by those of the head."""

    def __init__(self, base: tuple[Model, ...], head: tuple[Model, ...], root_of: Mapping[str, str]) -> None:
        self._resources = {(item.root, item.address): item for model in base for item in model.resources}
        self._moves = moves_between(base, head)
        self._root_of = root_of
        self._head = head
        self._now: dict[tuple[str, str], list[Resource]] = {}
        self._digests: dict[tuple[str, str], str] = {}
        now = (item for model in head for item in model.resources)
        there = {(root_of.get(item.root, item.root), moved_address(item.address, self._moves)) for item in now}
        self._spoke: dict[str, dict[tuple[str, str], Resource]] = defaultdict(dict)
        for key, item in sorted(self._resources.items()):
            if key not in there and item.mode == "managed":
                for name in {name for value in item.attributes.values() for name in value.refs}:
                    self._spoke[name][key] = item
        self._declared: dict[tuple[str, str], Line] = {}
        self._written: dict[int, tuple[Resource, dict[Span, str]]] = {}

    def removed(self, match: Match) -> tuple[Line, ...]:
        """Headers, on the base, of resources that the head lacks and that spoke of the matched one, its companions; or of the
        declaration that a reference leads to no more."""
        if match.subject.view == "reference":
            return self._declarations(match)
        address = match.subject.resource.address
        found: dict[tuple[str, str], Resource] = {}
        for name in {address, moved_address(address, self._moves)}:
            found |= self._spoke.get(name, {})
        return tuple(Line(item.span.path, item.span.line) for _, item in sorted(found.items()))

    def _declarations(self, match: Match) -> tuple[Line, ...]:
        if not self._declared:
            for item in self._resources.values():
                place = dirname(item.span.path), _NAMED.get(item.mode, "{type}.{name}").format(type=item.type, name=item.name)
                self._declared[place] = Line(item.span.path, item.span.line)
        missing = match.subject.attributes.get("missing")
        found = self._declared.get((match.subject.resource.root, str(missing.raw))) if isinstance(missing, Known) else None
        return (found,) if found is not None else ()

    def value(self, match: Match, path: str) -> Value | None:
        """What the base had at this path of the same resource; None when it had nothing, or more than one thing."""
        if not self._resources or not path:
            return None
        resource = match.subject.resource
        root = self._root_of.get(resource.root, resource.root)
        before = self._resources.get((root, moved_address(resource.address, self._moves)))
        return _at(before, path) if before else None

    def referenced(self, match: Match, values: tuple[Value, ...]) -> tuple[str, ...]:
        """A digest of each block of the head that values refer to, by its name and what it says, in whatever environment."""
        root = match.subject.resource.root
        return tuple(sorted(self._digest(root, name) for name in named(values)))

    def _digest(self, root: str, name: str) -> str:
        key = root, name
        if key not in self._digests:
            self._digests[key] = digest(name, sorted(map(_said, self._named(root, name))))
        return self._digests[key]

    def _named(self, root: str, name: str) -> list[Resource]:
        if not self._now:
            self._now = defaultdict(list)
            for item in (item for model in self._head for item in model.resources):
                for known in {item.address, item.definition}:
                    self._now[item.root, known].append(item)
        return self._now.get((root, name), [])

    def written_path(self, resource: Resource, value: Value | None) -> str:
        """The path of the argument as it is written (`ingress.cidr_blocks`); empty when the value is not written in the resource."""
        if value is None or not value.span.line:
            return ""
        return self._paths(resource).get(value.span, "")

    def _paths(self, resource: Resource) -> dict[Span, str]:
        # Kept with its resource, so that the identity stays its own; read once, because a resource may hold thousands of values.
        if id(resource) not in self._written:
            self._written[id(resource)] = resource, _paths(resource)
        return self._written[id(resource)][1]


def _said(resource: Resource) -> str:
    """What a block says, without the places."""
    return digest(resource.address, resource.provider, {name: plain(value) for name, value in resource.attributes.items()})


def _paths(resource: Resource) -> dict[Span, str]:
    """Span of each value → the path of the first argument written there; what encloses comes before what it holds."""
    found: dict[Span, str] = {}
    for name, item in resource.attributes.items():
        _collect(item, name, found, 0)
    return found


def _collect(value: Value, path: str, found: dict[Span, str], depth: int) -> None:
    found.setdefault(value.span, path)
    if not isinstance(value, Known) or depth > MAX_DEPTH:
        return
    if isinstance(value.raw, dict):
        for name, item in value.raw.items():
            _collect(item, f"{path}.{name}", found, depth + 1)
    elif isinstance(value.raw, tuple):
        for item in value.raw:
            _collect(item, path, found, depth + 1)


def _at(resource: Resource, path: str) -> Value | None:
    first, *steps = path.split(".")
    current = resource.attributes.get(first)
    for step in steps:
        if isinstance(current, Known) and isinstance(current.raw, tuple):
            current = current.raw[0] if len(current.raw) == 1 else None
        current = current.raw.get(step) if isinstance(current, Known) and isinstance(current.raw, dict) else None
    return current
