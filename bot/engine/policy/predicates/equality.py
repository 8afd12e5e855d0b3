"""Equality and membership. Texts are compared exactly; `true` equals "true" and 22 equals "22" as the languages convert them."""

from __future__ import annotations

from bot.engine.model.value import Known, Null, Unknown, Value
from bot.engine.policy.predicates.pieces import may_be, pieces
from bot.engine.policy.predicates.predicate import Args, Inputs, Predicate, Raw, canonical, flat, no_args, one_scalar, scalars, some_scalars


def _true(inputs: Inputs, _: Args) -> bool | None:
    return {"true": True, "false": False}.get(_text(inputs[0]))


def _false(inputs: Inputs, _: Args) -> bool | None:
    return {"true": False, "false": True}.get(_text(inputs[0]))


def _text(raw: Raw) -> str:
    found = canonical(raw)
    return found.strip().lower() if isinstance(found, str) else ""


def _one_of(inputs: Inputs, args: Args) -> bool | None:
    found = canonical(inputs[0])
    return found in flat(args) if isinstance(found, str) else None


def _none_of(inputs: Inputs, args: Args) -> bool | None:
    found = _one_of(inputs, args)
    return None if found is None else not found


def _contains_any(inputs: Inputs, args: Args) -> bool | None:
    return not set(flat(args)).isdisjoint(scalars(inputs[0]))


def _contains_all(inputs: Inputs, args: Args) -> bool | None:
    return set(flat(args)) <= set(scalars(inputs[0]))


def _cannot_be(values: tuple[Value | None, ...], args: Args) -> bool | None:
    """False when no argument is possible for a partly known text, whatever its unknown pieces are."""
    found = pieces(values[0]) if isinstance(values[0], Unknown) else ()
    return False if found and not any(may_be(found, text) for text in flat(args)) else None


def _is_other(values: tuple[Value | None, ...], args: Args) -> bool | None:
    return True if _cannot_be(values, args) is False else None


def _lacks_all(values: tuple[Value | None, ...], args: Args) -> bool | None:
    """False when no element, known or partly known, can be one of the arguments. Of a map the keys count, and they are known."""
    value = values[0]
    if isinstance(value, Unknown):
        return _cannot_be(values, args)
    if isinstance(value, Known) and isinstance(value.raw, dict):
        return not set(flat(args)).isdisjoint(value.raw)
    items = value.raw if isinstance(value, Known) and isinstance(value.raw, tuple) else ()
    return False if items and all(_never(item, flat(args)) for item in items) else None


def _never(item: Value, wanted: tuple[str, ...]) -> bool:
    if isinstance(item, Null):
        return True
    if isinstance(item, Unknown):
        found = pieces(item)
        return bool(found) and not any(may_be(found, text) for text in wanted)
    return isinstance(item.raw, str | bool | int | float) and canonical(item.raw) not in wanted


def _subset(head: Inputs, base: Inputs) -> bool:
    return set(scalars(head[0])) <= set(scalars(base[0]))


PREDICATES = (
    Predicate("true", _true, no_args, settle=_text),
    Predicate("false", _false, no_args, settle=_text),
    Predicate("equals", _one_of, one_scalar, partly=_cannot_be),
    Predicate("not_equals", _none_of, one_scalar, partly=_is_other),
    Predicate("one_of", _one_of, some_scalars, partly=_cannot_be),
    Predicate("none_of", _none_of, some_scalars, partly=_is_other),
    Predicate("contains_any", _contains_any, some_scalars, monotone="up", partly=_lacks_all, no_worse=_subset),
    Predicate("contains_all", _contains_all, some_scalars, monotone="up", no_worse=_subset),
)
