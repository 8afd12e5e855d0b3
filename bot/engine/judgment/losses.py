"""Why a resource of the base is not on the head: its block went, its module's call, its instance; or it cannot be told whether it did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from msgspec import Struct

from bot.engine.changeset.moves import moves_between
from bot.engine.judgment.values import Comparison
from bot.engine.model.resource import Model, Resource
from bot.engine.model.span import Span
from bot.engine.model.value import Unknown, Value
from bot.engine.pattern import Pattern

How: TypeAlias = Literal["block", "call", "instance", "call-instance", "renamed", "root"]
_KEY = Pattern(r'\[(?:[0-9]+|"(?:[^"\\]|\\.)*")\]')
_CALL = Pattern(rf"module\.[\w-]+(?:{_KEY.pattern})?\.")


class Loss(Struct, frozen=True):
    """A resource that is not on the head.

    `place`: what caused it; `gone`: that place is on the base. `successor`: the address of what has the same values now.
    `anew`: the same block makes another in its place. `uncertain`: why it cannot be told whether it is lost.
    """

    resource: Resource
    how: How
    place: Span
    gone: bool
    successor: str = ""
    anew: bool = False
    uncertain: Unknown | None = None


class Losses:
    """Finds out about each resource of the base that no resource of the head was matched with."""

    def __init__(self, base: Model, head: Model, gone: Iterable[Resource], created: Iterable[Resource], comparison: Comparison) -> None:
        self._moves = moves_between([base], [head])
        self._calls = {item.definition: item for item in base.resources if item.mode == "module"}
        self._gone = tuple(gone)
        self._comparison = comparison
        self._created: dict[str, list[Resource]] = defaultdict(list)
        for item in sorted(created, key=_address):
            self._created[item.type].append(item)
        self._there: dict[str, Resource] = {}
        for item in sorted(head.resources, key=_address):
            self._there.setdefault(item.definition, item)
        self._opened = {definition for item in head.resources for definition in _definitions(item)}
        stood = {(gap.span.path, gap.extent, gap.detail) for gap in base.unread}
        gaps = (gap for gap in head.unread if (gap.span.path, gap.extent, gap.detail) not in stood)
        self._unread = next((gap for gap in gaps if gap.extent in ("block", "file", "root")), None)
        self._forgotten = frozenset(head.forgotten)
        self._is_gone = not head.files

    def found(self) -> Iterator[Loss]:
        """Those that are lost or may be, in the order of the base. What a `removed` block only forgets is not."""
        for item in self._gone:
            if not self._forgets(item.address):
                yield self._loss(item)

    def _forgets(self, address: str) -> bool:
        plain = _KEY.sub("", address)
        return any(_lies_in(plain, name) for name in self._forgotten)

    def _loss(self, item: Resource) -> Loss:
        if self._is_gone:
            return Loss(item, "root", item.span, gone=True, uncertain=item.exists)
        target = next((to for to, source in self._moves.items() if _lies_in(item.address, source)), None)
        if target is not None:
            return Loss(item, "block", item.span, gone=True, uncertain=Unknown("module-source", target, item.span))
        other = self._there.get(item.definition)
        if other is not None:
            return self._keyed(item, other)
        call = self._closed_call(item)
        if call is not None:
            return call
        renamed = self._renamed(item)
        if renamed is not None:
            return Loss(item, "renamed", renamed.span, gone=False, successor=renamed.address, anew=True, uncertain=item.exists)
        return Loss(item, "block", item.span, gone=True, uncertain=item.exists or self._not_read())

    def _keyed(self, item: Resource, other: Resource) -> Loss:
        """The block is still there, under other keys."""
        uncertain = item.exists or other.exists
        anew = any(one.definition == item.definition for one in self._created.get(item.type, ()))
        old, new = _modules(item.address), _modules(other.address)
        at = next((number for number, (one, two) in enumerate(zip(old, new, strict=False)) if one != two), None)
        if at is None or at >= len(other.calls):
            return Loss(item, "instance", other.span, gone=False, anew=anew, uncertain=uncertain)
        return Loss(item, "call-instance", other.calls[at].span, gone=False, anew=anew, uncertain=uncertain)

    def _closed_call(self, item: Resource) -> Loss | None:
        """The outermost call on the way to the resource that the head lacks, that calls another module, or one that is not in the tree."""
        for call, definition in zip(item.calls, _definitions(item), strict=True):
            there = self._there.get(definition)
            if there is None:
                return Loss(item, "call", call.span, gone=True, uncertain=item.exists or self._not_read())
            source = there.attributes.get("source")
            place = source.span if source is not None and source.span.line else there.span
            if definition not in self._opened:
                reason = Unknown("module-source", f"module.{call.name}", place)
                return Loss(item, "call", place, gone=False, uncertain=there.exists or reason)
            if not self._comparison.same(self._source(definition), source):
                return Loss(item, "call", place, gone=False, uncertain=item.exists or there.exists)
        return None

    def _source(self, definition: str) -> Value | None:
        former = self._calls.get(definition)
        return former.attributes.get("source") if former else None

    def _renamed(self, item: Resource) -> Resource | None:
        """What came and has the same values."""
        others = self._created.get(item.type, [])
        return next((other for other in others if not any(self._comparison.changes(item.attributes, other.attributes))), None)

    def _not_read(self) -> Unknown | None:
        gap = self._unread
        return Unknown("not-read", gap.span.path, gap.span, detail=gap.detail) if gap else None


def _address(resource: Resource) -> str:
    """The order in which one of several is chosen: a model's own depends on its files."""
    return resource.address


def _lies_in(address: str, place: str) -> bool:
    return address == place or address.startswith((f"{place}.", f"{place}["))


def _modules(address: str) -> list[str]:
    """The calls of an address, with their keys."""
    found: list[str] = []
    while step := _CALL.match(address):
        found.append(step[0])
        address = address[step.end() :]
    return found


def _definitions(resource: Resource) -> list[str]:
    """The addresses, without keys, of the calls on the way to a resource."""
    names = [f"module.{call.name}" for call in resource.calls]
    return [".".join(names[: number + 1]) for number in range(len(names))]
