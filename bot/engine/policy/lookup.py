"""Reading values at dotted paths: through objects, block lists and encoded texts, without losing unknown or absent.

A path is names joined by dots (`versioning.enabled`), a name with dots in it in quotes (`annotations."a.b/c"`), `*` for every
value of a map or list, a number for one element of a list, or `.` alone for the element itself.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeAlias

from msgspec.structs import replace

from bot.engine.model.value import Known, Null, Unknown, Value

Path: TypeAlias = tuple[str, ...]
Scope: TypeAlias = "dict[str, Value] | Value"
Read: TypeAlias = Value | None

ITSELF = "."
EACH = "*"


@lru_cache(maxsize=4096)
def steps(path: str) -> Path:
    """The names of a path; () for the element itself. Raises ValueError when it is not a path."""
    if path == ITSELF:
        return ()
    if not re.fullmatch(r'(?:[\w*-]+|"[^"]+")(?:\.(?:[\w*-]+|"[^"]+"))*', path):
        raise ValueError(path)
    return tuple(name.strip('"') for name in re.findall(r'"[^"]+"|[\w*-]+', path))


def is_path(text: str) -> bool:
    try:
        steps(text)
    except ValueError:
        return False
    return True


def values_at(attributes: Scope, path: str, incomplete: Unknown | None = None) -> tuple[Read, ...]:
    """What stands at the path, one entry for each way through block lists; (None,) when nothing does.

    An unknown on the way is what is read. Where the body was not read whole, what is absent is that unknown.
    """
    return follow(attributes, steps(path), incomplete)


def follow(scope: Scope, path: Path, incomplete: Unknown | None) -> tuple[Read, ...]:
    """The same for a path taken apart."""
    if not path:
        return (Known(scope) if isinstance(scope, dict) else scope,)
    if len(path) == 1 and isinstance(scope, dict) and path[0] != EACH:
        value = scope.get(path[0])
        return (incomplete if value is None else value,)
    found: list[Read] = []
    _descend(scope, path, found)
    if not found:
        return (incomplete,)
    return tuple(incomplete if value is None else value for value in found) if incomplete is not None else tuple(found)


def _descend(scope: Scope, path: Path, found: list[Read]) -> None:
    for at, name in enumerate(path):
        if isinstance(scope, Known | Unknown) and scope.structure is not None:
            scope = scope.structure
        inside = scope.raw if isinstance(scope, Known) else scope
        if isinstance(inside, dict):
            if name == EACH:
                for item in inside.values():
                    _descend(item, path[at + 1 :], found)
                return
            if name not in inside:
                found.append(None)
                return
            scope = inside[name]
        elif isinstance(inside, tuple):
            for item in _items(inside, name):
                _descend(item, path[at + 1 :] if name == EACH or name.isdecimal() else path[at:], found)
            return
        else:
            found.append(_stop(scope, path[at:]))
            return
    found.append(scope)  # type: ignore[arg-type]  # a dict is only ever the start, and a path has a step


def _stop(scope: Scope, rest: Path) -> Read:
    """What is read where a path cannot go on: an unknown, nothing below null, and below a scalar what we do not understand.

    Pieces of a text are not pieces of what would stand below it, nor are a condition's branches branches of that.
    """
    if isinstance(scope, Unknown):
        return replace(scope, parts=(), branches=()) if scope.parts or scope.branches else scope
    if isinstance(scope, Known):
        return Unknown("expression", ".".join(rest), scope.span, scope.origin, scope.refs, scope.sensitive, detail="not an object")
    return None


def _items(items: tuple[Value, ...], name: str) -> tuple[Value, ...]:
    return (items[int(name)],) if name.isdecimal() and len(name) < 6 and int(name) < len(items) else () if name.isdecimal() else items


def elements_at(scope: Scope, path: Path, incomplete: Unknown | None) -> tuple[Value, ...]:
    """The elements of the collection at the path: of a list its items, of an object itself, of a map under `*` its values.

    An unknown collection is one unknown element; what is not set has none.
    """
    out: list[Value] = []
    for value in follow(scope, path, incomplete):
        read = value.structure if isinstance(value, Known | Unknown) and value.structure is not None else value
        if isinstance(read, Known) and isinstance(read.raw, tuple):
            out.extend(_element(item) for item in read.raw if not isinstance(item, Null))
        elif read is not None and not isinstance(read, Null):
            out.append(replace(read, branches=()) if isinstance(read, Unknown) and read.branches else read)
    return tuple(out)


def _element(item: Value) -> Value:
    """An element of a list; where a condition may choose null, which is no element, or a list, it is no choice of elements."""
    if not isinstance(item, Unknown) or not item.branches:
        return item
    scalar = all(isinstance(branch, Known) and not isinstance(branch.raw, tuple) for branch in item.branches)
    return item if scalar else replace(item, branches=())
