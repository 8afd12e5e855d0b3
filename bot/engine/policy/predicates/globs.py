"""Names with `*` and `?`, as IAM policies use them: actions, principals, resources. Case does not matter.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
"""

from __future__ import annotations

from bot.engine.model.value import Known, Unknown, Value
from bot.engine.model.wildcard import covers
from bot.engine.policy.predicates.pieces import Pieces, pieces
from bot.engine.policy.predicates.predicate import Args, Check, Decide, Inputs, Partly, Predicate, Raw, flat, no_args, scalars, some_scalars

MAX_GLOB = 512
MAX_PAIRS = 2_000


def _lower(raw: Raw) -> tuple[str, ...]:
    return tuple(text.strip().lower() for text in scalars(raw))


def _too_long(names: tuple[str, ...]) -> bool:
    return any(len(name) > MAX_GLOB for name in names)


def _glob_covers(inputs: Inputs, args: Args) -> bool | None:
    globs = _lower(inputs[0])
    if any(covers(glob, name.lower()) for glob in globs if len(glob) <= MAX_GLOB for name in flat(args)):
        return True
    return None if _too_long(globs) else False


def is_wildcard(action: str) -> bool:
    """`*`, or every action of a service: `s3:*`, `s3:**`, `*:*`."""
    return not (action.rpartition(":")[2]).strip("*") and "*" in action


def _wildcard_action(inputs: Inputs, _: Args) -> bool | None:
    return any(map(is_wildcard, _lower(inputs[0])))


def _each(value: Value | None) -> tuple[Value, ...]:
    if isinstance(value, Known) and isinstance(value.raw, tuple):
        return value.raw
    return (value,) if isinstance(value, Known | Unknown) else ()


def _no_wildcard(values: tuple[Value | None, ...], _: Args) -> bool | None:
    """False when every partly known action ends in letters, or has some after its service."""
    items = _each(values[0])
    return False if items and all(_names_one(pieces(item)) for item in items) else None


def _names_one(parts: Pieces) -> bool:
    head, tail = (parts[0] or "", parts[-1] or "") if parts else ("", "")
    return bool(tail.rpartition(":")[2].strip("*?")) or bool(head.partition(":")[2].strip("*?"))


def _covered(head: Inputs, base: Inputs) -> bool:
    new, old = _lower(head[0]), _lower(base[0])
    if _too_long((*new, *old)) or len(new) * len(old) > MAX_PAIRS:
        return set(new) <= set(old)
    return all(any(covers(wide, name) for wide in old) for name in new)


def settle(raw: Raw) -> Raw:
    return tuple(sorted(set(_lower(raw))))


def _predicate(name: str, decide: Decide, check: Check, partly: Partly | None) -> Predicate:
    return Predicate(name, decide, check, monotone="up", partly=partly, no_worse=_covered, exposure=True, settle=settle)


PREDICATES = (
    _predicate("wildcard_action", _wildcard_action, no_args, _no_wildcard),
    _predicate("glob_covers", _glob_covers, some_scalars, None),
)
