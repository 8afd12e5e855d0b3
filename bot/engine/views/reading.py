"""How a view reads a resource: absent, unknown and known stay apart, and every value keeps its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.span import Span
from bot.engine.model.value import Known, Null, Scalar, Unknown, Value, or_default, undecided

FAULTS = frozenset({"fault", "missing", "lookup"})  # attributes whose presence is a view's finding
# Views, and fields of others, whose value where it is not known is the argument itself.
AS_WRITTEN = frozenset({"database", "storage-account", "volume"})
FIELDS_AS_WRITTEN = {"bucket": "acl", "log": "retention_days"}
Body = dict[str, Value] | Unknown


def attribute(resource: Resource, name: str) -> Value | None:
    """The argument; None when it is not set or null, unknown when a body that is partly read does not show it."""
    value = resource.attributes.get(name)
    if value is None:
        return resource.incomplete
    return None if isinstance(value, Null) else value


def field(body: Body, name: str) -> Value | None:
    """The same inside a nested block or object."""
    if isinstance(body, Unknown):
        return body
    value = body.get(name)
    return None if isinstance(value, Null) else value


def body_of(value: Value) -> Body:
    """A block or object as its fields; what is neither has none."""
    if isinstance(value, Unknown):
        return value
    return value.raw if isinstance(value, Known) and isinstance(value.raw, dict) else {}


def elements(value: Value | None) -> tuple[Value, ...]:
    """The elements of a list; of a scalar itself; of an unknown that unknown; of nothing none."""
    if value is None or isinstance(value, Null):
        return ()
    if isinstance(value, Known) and isinstance(value.raw, tuple):
        return tuple(item for item in value.raw if not isinstance(item, Null))
    return (value,)


def blocks(resource: Resource, name: str) -> tuple[Value, ...]:
    """The nested blocks of a type, whether written as blocks or as a list of objects."""
    return elements(attribute(resource, name))


def only(resource: Resource, name: str) -> Body | None:
    """The nested block of a type that occurs at most once; None when it is not there."""
    found = blocks(resource, name)
    return body_of(found[0]) if found else None


def inner(body: Body | None, name: str) -> Body | None:
    """The nested block inside a nested block."""
    if body is None or isinstance(body, Unknown):
        return body
    found = elements(body.get(name))
    return body_of(found[0]) if found else None


def text(value: Value | None) -> str | None:
    """A known scalar as text."""
    if not isinstance(value, Known) or isinstance(value.raw, tuple | dict):
        return None
    return str(value.raw).lower() if isinstance(value.raw, bool) else str(value.raw)


def pieces(value: Value) -> Value:
    """A text of which pieces are known as these: for a finding that they decide."""
    if not isinstance(value, Unknown) or not value.parts:
        return value
    return Known("".join("…" if part is None else part for part in value.parts), value.span, value.origin, value.refs, value.sensitive)


def truth(value: Value | None) -> bool | None:
    """A known boolean; Terraform converts the strings "true" and "false"."""
    return {"true": True, "false": False}.get(text(value) or "")


def whole(value: Value | None) -> int | None:
    """A known whole number, also when written as a string."""
    found = text(value)
    return int(found) if found is not None and found.lstrip("-").isdecimal() and len(found) < MAX_DIGITS else None


MAX_DIGITS = 16


def known_as(value: Value, raw: Scalar | tuple[Value, ...]) -> Known:
    """A known reading of `value` at its place."""
    return Known(raw, value.span, value.origin, value.refs, value.sensitive, isinstance(value, Known) and value.assumed)


def listed(values: Iterable[Value], span: Span) -> Known:
    """Values as one list. The list stands where its first element does; `span` is for an empty one."""
    items = tuple(values)
    return Known(items, items[0].span if items else span, items[0].origin if items else ())


def fact(resource: Resource, view: str, span: Span, path: str = "", **attributes: Value | None) -> Subject:
    """A subject of `view`; an attribute that is None is left out. Where it gives a value that is not known as a fault, it cannot tell.

    What a condition chooses among is kept where the view hands on what is written, and null has no meaning of its own: elsewhere it
    would not be in the view's own terms.
    """
    whole, own = view in AS_WRITTEN, FIELDS_AS_WRITTEN.get(view)
    told = ((name, value) for name, value in attributes.items() if value is not None)
    given = {name: or_default(value) if whole or name == own else without_branches(value) for name, value in told}
    for name in FAULTS & given.keys():
        if isinstance(value := given[name], Unknown):
            given[name] = undecided(value)
    return Subject(resource, given, span, view, path)


def without_branches(value: Value) -> Value:
    """The value, or the elements of the list, as not known where a condition chooses among known ones."""
    if isinstance(value, Unknown):
        return replace(value, branches=()) if value.branches else value
    if not isinstance(value, Known) or not isinstance(value.raw, tuple):
        return value
    chosen = any(isinstance(item, Unknown) and item.branches for item in value.raw)
    return replace(value, raw=tuple(map(without_branches, value.raw))) if chosen else value


def constant(raw: Scalar, span: Span) -> Known:
    """What the view itself knows about a resource (its provider, a documented default)."""
    return Known(raw, span)


def managed(model: Model, types: Iterable[str]) -> Iterator[Resource]:
    """The model's managed resources of these types, in order."""
    wanted = frozenset(types)
    return (resource for resource in model.resources if resource.mode == "managed" and resource.type in wanted)


def span_of(value: Value, resource: Resource) -> Span:
    """The place of a value, else of its resource."""
    return value.span if value.span.line else resource.span


def refers_to(value: Value | None, target: Resource) -> bool:
    """Whether the value was read from `target` (instance keys may be left out on either side)."""
    if value is None:
        return False
    return any(ref in (target.address, target.definition) for ref in value.refs)


def owner(value: Value | None) -> str:
    """A key that is equal for two references to one thing: the resource, the known name, else the expression."""
    if value is None or isinstance(value, Null):
        return ""
    if value.refs:
        return value.refs[0]
    return text(value) or (value.expression if isinstance(value, Unknown) else "")


def relocated(value: Value, span: Span) -> Value:
    """The value as if written at `span`, its origin kept."""
    return replace(value, span=span)


def as_list(value: Value | None, span: Span) -> Value | None:
    """One or several, always as a list."""
    if value is None or isinstance(value, Null | Unknown) or isinstance(value.raw, tuple):
        return None if isinstance(value, Null) else value
    return listed((value,), span)


def references(resource: Resource) -> frozenset[str]:
    """The addresses that a resource's values were read from."""
    return named(resource.attributes.values())


def named(values: Iterable[Value]) -> frozenset[str]:
    """The addresses that these values were read from, at any depth."""
    found: set[str] = set()
    seen: set[int] = set()
    pending = list(values)
    while pending:
        value = pending.pop()
        found.update(value.refs)
        if isinstance(value, Known | Unknown) and value.structure is not None:
            pending.append(value.structure)
        if isinstance(value, Known) and isinstance(value.raw, tuple | dict) and id(value.raw) not in seen:
            seen.add(id(value.raw))
            pending.extend(value.raw.values() if isinstance(value.raw, dict) else value.raw)
    return frozenset(found)
