"""What stands between a resource and its destruction: deletion protection, a last snapshot, `prevent_destroy`."""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.facts.stateful import Guard, Stateful
from bot.engine.model.notice import Notice
from bot.engine.model.resource import Resource
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.views.reading import body_of, elements, field, truth

PROTECTION = frozenset({"deletion_protection", "deletion_protection_enabled", "enable_deletion_protection", "enable_drop_protection"})
SNAPSHOT = "skip_final_snapshot"


def stops(resource: Resource, facts: Stateful, after: Resource | None = None) -> tuple[Notice, ...]:
    """What makes the apply stop, or keeps a copy. `resource`: as it is deployed; `after`: as the head wants it, where it stays."""
    return tuple(_stops(resource, facts, after))


def _stops(resource: Resource, facts: Stateful, after: Resource | None) -> Iterator[Notice]:
    if after is not None and prevents_destroy(after):
        yield Notice("prevented")
    guards = {guard.path: guard for guard in facts.guards}
    for path in sorted(PROTECTION & guards.keys()):
        yield Notice("protected" if protects(guards[path], value_of(resource, path)) else "unprotected", {"path": path})
    if SNAPSHOT in guards:
        yield Notice("snapshot-kept" if protects(guards[SNAPSHOT], value_of(resource, SNAPSHOT)) else "snapshot-skipped")


def prevents_destroy(resource: Resource) -> bool:
    """`lifecycle.prevent_destroy`, which counts only as a literal."""
    return truth(value_of(resource, "lifecycle.prevent_destroy")) is True


def value_of(resource: Resource, path: str) -> Value | None:
    """What stands at the path, of blocks in the first that has it; None when nothing does."""
    return next(_found(Known(resource.attributes), path.split(".")), None)


def _found(value: Value, steps: list[str]) -> Iterator[Value]:
    if not steps or isinstance(value, Unknown):
        yield value
        return
    inner = field(body_of(value), steps[0])
    for item in (inner,) if len(steps) == 1 and inner is not None else elements(inner):
        yield from _found(item, steps[1:])


def protects(guard: Guard, value: Value | None) -> bool | None:
    """Whether the value is the one that protects; None where it is not known."""
    if value is not None and not isinstance(value, Known):
        return None
    if guard.safe == "forever":
        return True
    if value is None:
        return guard.default is not None and guard.default not in ("0", "") and _is_safe(guard.safe, guard.default)
    if isinstance(value.raw, tuple | dict):
        return bool(value.raw)
    return _is_safe(guard.safe, str(value.raw).lower() if isinstance(value.raw, bool) else str(value.raw))


def _is_safe(safe: str, text: str) -> bool:
    if safe in ("set", "more"):
        return bool(text)
    return text not in ("0", "") if safe == "nonzero" else text.lower() == safe.lower()
