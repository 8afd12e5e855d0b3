"""`for` expressions over lists, sets, maps and lazily known instances."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.conversions import text_of_known
from bot.engine.iac.terraform.dispatch import evaluate
from bot.engine.iac.terraform.operators import truth
from bot.engine.iac.terraform.scope import LimitReachedError, Scope
from bot.engine.iac.terraform.values import Elements, Merged, Object, Rest, element_of, failure, known, rest, unknown
from bot.engine.model.value import Known, Unknown, Value


class _Stop(Struct, frozen=True):
    """What the whole comprehension is instead."""

    value: Value


def entries(collection: Value) -> Iterator[tuple[Value, Value]] | None:
    """Keys and elements in Terraform's order (maps by key); None for what has none. A map of which only some keys are
    certain ends in a `Rest`."""
    if isinstance(collection, Object) and isinstance(collection.holder, Merged):
        holder, missing = collection.holder, rest(collection.holder.cause)
        known_keys: list[tuple[Value, Value]] = [(Known(key, collection.span), holder.attribute(key, None)) for key in holder.keys()]  # noqa: SIM118
        return iter([*known_keys, (missing, missing)])
    if not isinstance(collection, Known):
        return None
    raw = collection.raw
    if isinstance(raw, Elements):
        return iter([(item, item) for item in (element_of(collection, part) for part in raw)])
    if isinstance(raw, tuple):
        return iter([(Known(index, collection.span), element_of(collection, part)) for index, part in enumerate(raw)])
    if isinstance(raw, dict):
        return iter([(Known(key, raw[key].span), element_of(collection, raw[key])) for key in sorted(raw)])
    return None


def comprehension(e: s.For, scope: Scope) -> Value:
    """The collection that `for` makes; unknown as a whole when it is unknown which elements it has."""
    collection = evaluate(e.collection, scope)
    pairs = entries(collection)
    if pairs is None and isinstance(collection, Unknown):
        return unknown(collection, e.span, (collection,))
    if pairs is None:
        return failure("for needs a collection", e.span)
    inner = scope.binding({})
    names = dict(inner.names)
    inner.names = names
    results: list[tuple[str, Value]] = []
    for key, value in pairs:
        if e.key:
            names[e.key] = key
        names[e.value] = value
        if isinstance(value, Rest) and e.key_result is None:
            results.append(("", rest(value)))  # whatever is made of each of them, there are any number
            continue
        kept = _kept(e, inner)
        if isinstance(kept, _Stop):
            return kept.value
        if kept:
            name = _key(e, inner)
            if isinstance(name, _Stop):
                return name.value
            results.append((name, evaluate(e.result, inner)))
        scope.run.hold_collection(1)
        if len(results) > scope.run.limits.collection:
            raise LimitReachedError("collection")
    return _gathered(e, results, collection)


def _kept(e: s.For, scope: Scope) -> bool | _Stop:
    if e.condition is None:
        return True
    condition = evaluate(e.condition, scope)
    if isinstance(condition, Unknown):
        return _Stop(unknown(condition, e.span, (condition,)))
    kept = truth(condition)
    return _Stop(failure("a condition must be true or false", e.span)) if kept is None else kept


def _key(e: s.For, scope: Scope) -> str | _Stop:
    if e.key_result is None:
        return ""
    key = evaluate(e.key_result, scope)
    if isinstance(key, Unknown):
        return _Stop(unknown(key, e.span, (key,)))
    text = text_of_known(key)
    return _Stop(failure("a key must be a string", e.span)) if text is None else text


def _gathered(e: s.For, results: list[tuple[str, Value]], collection: Value) -> Value:
    if e.key_result is None:
        if results and all(isinstance(value, Rest) for _, value in results):
            return unknown(results[0][1], e.span, (collection,))  # type: ignore[arg-type]  # all are unknown
        return known(tuple([value for _, value in results]), e.span, (collection,))
    if e.grouping:
        groups: dict[str, list[Value]] = {}
        for key, value in results:
            groups.setdefault(key, []).append(value)
        return known({key: Known(tuple(group), e.span) for key, group in groups.items()}, e.span, (collection,))
    named = dict(results)
    return known(named, e.span, (collection,)) if len(named) == len(results) else failure("two elements have the same key", e.span)
