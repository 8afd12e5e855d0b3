"""Where in its resource a deciding value is written, and what stood there on the base."""

from __future__ import annotations

from collections.abc import Mapping

from bot.engine.baseline import moved_address, moves_between
from bot.engine.model.match import Match
from bot.engine.model.resource import Model, Resource
from bot.engine.model.result import Line
from bot.engine.model.span import Span
from bot.engine.model.value import Known, Value

MAX_DEPTH = 12


class Former:
    """The resources of the base, found by those of the head."""

    def __init__(self, base: tuple[Model, ...], head: tuple[Model, ...], root_of: Mapping[str, str]) -> None:
        self._resources = {(item.root, item.address): item for model in base for item in model.resources}
        self._moves = moves_between(base, head)
        self._root_of = root_of
        now = (item for model in head for item in model.resources)
        there = {(root_of.get(item.root, item.root), moved_address(item.address, self._moves)) for item in now}
        self._gone = tuple(item for key, item in sorted(self._resources.items()) if key not in there and item.mode == "managed")

    def removed(self, match: Match) -> tuple[Line, ...]:
        """Headers, on the base, of resources that the head lacks and that spoke of the matched one: its companions."""
        resource = match.subject.resource
        names = {resource.address, moved_address(resource.address, self._moves)}
        spoke = (item for item in self._gone if any(names.intersection(value.refs) for value in item.attributes.values()))
        return tuple(Line(item.span.path, item.span.line) for item in spoke)

    def value(self, match: Match, path: str) -> Value | None:
        """What the base had at this path of the same resource; None when it had nothing, or more than one thing."""
        if not self._resources or not path:
            return None
        resource = match.subject.resource
        root = self._root_of.get(resource.root, resource.root)
        before = self._resources.get((root, moved_address(resource.address, self._moves)))
        return _at(before, path) if before else None


def written_path(resource: Resource, value: Value | None) -> str:
    """The path of the argument as it is written (`ingress.cidr_blocks`); empty when the value is not written in the resource."""
    if value is None or not value.span.line:
        return ""
    found = (_within(item, name, value.span, 0) for name, item in resource.attributes.items())
    return next((path for path in found if path), "")


def _within(value: Value, path: str, span: Span, depth: int) -> str:
    if value.span == span:
        return path
    if not isinstance(value, Known) or depth > MAX_DEPTH:
        return ""
    if isinstance(value.raw, dict):
        inner = (_within(item, f"{path}.{name}", span, depth + 1) for name, item in value.raw.items())
    elif isinstance(value.raw, tuple):
        inner = (_within(item, path, span, depth + 1) for item in value.raw)
    else:
        return ""
    return next((found for found in inner if found), "")


def _at(resource: Resource, path: str) -> Value | None:
    first, *steps = path.split(".")
    current = resource.attributes.get(first)
    for step in steps:
        if isinstance(current, Known) and isinstance(current.raw, tuple):
            current = current.raw[0] if len(current.raw) == 1 else None
        current = current.raw.get(step) if isinstance(current, Known) and isinstance(current.raw, dict) else None
    return current
