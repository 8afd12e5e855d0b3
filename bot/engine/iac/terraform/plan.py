"""`terraform show -json PLAN` → what a plan says, without what it hides.

The format: https://developer.hashicorp.com/terraform/internals/json-format (version 1; OpenTofu writes the same).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import msgspec
from msgspec import Struct

from bot.engine.documents import NotReadable
from bot.engine.model.plan import Plan, PlannedResource, hidden
from bot.engine.model.span import Span
from bot.engine.model.value import Plain

MAX_RESOURCES = 50_000
MAX_DEPTH = 100


class _Change(Struct, frozen=True):
    actions: tuple[str, ...] = ()
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    after_unknown: Any = None
    before_sensitive: Any = None
    after_sensitive: Any = None


class _ResourceChange(Struct, frozen=True):
    address: str
    type: str
    name: str
    change: _Change
    mode: Literal["managed", "data"] = "managed"
    previous_address: str = ""
    deposed: str = ""


class _Values(Struct, frozen=True):
    """A resource of a state."""

    address: str
    type: str
    name: str
    mode: Literal["managed", "data"] = "managed"
    values: dict[str, Any] = {}
    sensitive_values: Any = None


class _Module(Struct, frozen=True):
    resources: tuple[_Values, ...] = ()
    child_modules: tuple[_Module, ...] = ()


class _StateValues(Struct, frozen=True):
    root_module: _Module = _Module()


class _State(Struct, frozen=True):
    values: _StateValues = _StateValues()


class _Input(Struct, frozen=True):
    value: Any = None


class _Declared(Struct, frozen=True):
    sensitive: bool = False


class _ConfigurationModule(Struct, frozen=True):
    variables: dict[str, _Declared] = {}


class _Configuration(Struct, frozen=True):
    root_module: _ConfigurationModule = _ConfigurationModule()


class _Document(Struct, frozen=True):
    format_version: str
    resource_changes: tuple[_ResourceChange, ...] | None = None
    planned_values: Any = None
    prior_state: _State | None = None
    variables: dict[str, _Input] = {}
    configuration: _Configuration = _Configuration()
    errored: bool = False


def read_plan(data: bytes, path: str, root: str = "", *, trusted: bool = False) -> Plan:
    """The plan of the directory `root`. Raises only `NotReadable`, whose detail says what is wrong with the file.

    Sensitive values are dropped here, before anything is kept: by the plan's own marks, and inputs by their declaration.
    """
    document = _decoded(data, path)
    resources = tuple(_resources(document))
    if len(resources) > MAX_RESOURCES:
        raise NotReadable(Span(path, 1), "limit", f"more than {MAX_RESOURCES} resources")
    declared = document.configuration.root_module.variables
    inputs = {name: given.value for name, given in document.variables.items() if not (name in declared and declared[name].sensitive)}
    return Plan(root, path, resources, inputs, trusted)


def _decoded(data: bytes, path: str) -> _Document:
    try:
        document = msgspec.json.decode(data, type=_Document)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise NotReadable(Span(path, 1), "grammar", f"not what `terraform show -json` prints of a plan: {error}") from None
    if not document.format_version.startswith("1."):
        raise NotReadable(Span(path, 1), "unsupported", f"format version {document.format_version[:20]}; 1 is read")
    if document.resource_changes is None and document.planned_values is None:
        raise NotReadable(Span(path, 1), "grammar", "a state, not a plan")
    if document.errored:
        raise NotReadable(Span(path, 1), "grammar", "the plan ended in an error and is not complete")
    return document


def _resources(document: _Document) -> Iterator[PlannedResource]:
    changed = [item for item in document.resource_changes or () if not item.deposed]
    for item in changed:
        change = item.change
        yield PlannedResource(
            item.address,
            item.type,
            item.name,
            item.mode,
            _reduced(change.before, None, change.before_sensitive),
            _reduced(change.after, change.after_unknown, change.after_sensitive),
            item.previous_address,
        )
    known = {item.address for item in changed}
    prior = document.prior_state.values.root_module if document.prior_state else _Module()
    for found in _below(prior):
        if found.mode == "data" and found.address not in known:
            values = _reduced(found.values, None, found.sensitive_values)
            yield PlannedResource(found.address, found.type, found.name, "data", values, values)


def _below(module: _Module, depth: int = 0) -> Iterator[_Values]:
    yield from module.resources
    for child in module.child_modules if depth < MAX_DEPTH else ():
        yield from _below(child, depth + 1)


def _reduced(values: dict[str, Any] | None, unknown: Plain, sensitive: Plain) -> dict[str, Plain] | None:
    """The body of a resource; a body that is sensitive as a whole keeps none of its values."""
    if values is None:
        return None
    names = {**values, **(unknown if isinstance(unknown, dict) else {})}
    return {name: _shown(values.get(name), _of(unknown, name), _of(sensitive, name)) for name in names}


def _shown(value: Plain, unknown: Plain, sensitive: Plain) -> Plain:
    if sensitive is True:
        return hidden("sensitive")
    if unknown is True:
        return hidden("computed")
    if isinstance(value, dict) or (value is None and isinstance(unknown, dict) and unknown):
        inner = value if isinstance(value, dict) else {}
        names = {**inner, **(unknown if isinstance(unknown, dict) else {})}
        return {name: _shown(inner.get(name), _of(unknown, name), _of(sensitive, name)) for name in names}
    if isinstance(value, list):
        return [_shown(item, _of(unknown, number), _of(sensitive, number)) for number, item in enumerate(value)]
    return value


def _of(mask: Plain, step: str | int) -> Plain:
    """The mask of a part; a mask that is true holds for every part."""
    if mask is True:
        return True
    if isinstance(mask, dict) and isinstance(step, str):
        return mask.get(step)
    if isinstance(mask, list) and isinstance(step, int) and step < len(mask):
        return mask[step]
    return None
