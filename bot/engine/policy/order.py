"""Which values are no worse than others, and what values are without order, place or spelling."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from bot.engine.model.match import Evidence
from bot.engine.model.value import Known, Null, Plain, Unknown, Value, is_fully_known
from bot.engine.policy.lift import raw_of
from bot.engine.policy.predicates import PREDICATES
from bot.engine.policy.predicates.predicate import Predicate, Raw, canonical, equal

NAMES = ("name", "sid", "Sid", "id", "key", "device_name")
MAX_NAME = 80
NEGATED = "not:"


def no_worse(head: tuple[Evidence, ...], base: tuple[Evidence, ...]) -> bool:
    """Whether what decides on the head is at most as bad as on the base: every leaf is no worse than one like it.

    An unknown is no worse only than the same expression; of leaves with one predicate on one path any of the base may serve.
    """
    olds = _leaves(base)
    return all(any(_comparable(new, old) and _leaf_no_worse(new, old) for old in olds) for new in _leaves(head))


def no_worse_elsewhere(head: tuple[Evidence, ...], base: tuple[Evidence, ...]) -> bool:
    """The same against what decided another rule on the base: its values at the same paths, by the order of the head's predicates.

    Then only what keeps two rules apart has changed sides: where one excludes what the other asks for, the one that asks says
    which values are worse.
    """
    asked = {(item.path, item.predicate) for item in base}
    values = {item.path: item.value for item in base if not item.predicate.startswith(NEGATED)}
    leaves = _leaves(head)
    if not leaves or not all(item.path in values for item in head):
        return False
    return all(
        values_no_worse(_direction(leaf, asked), tuple(item.value for item in leaf), tuple(values[item.path] for item in leaf))
        for leaf in leaves
    )


def _direction(leaf: tuple[Evidence, ...], asked: set[tuple[str, str]]) -> str:
    positive = leaf[0].predicate.removeprefix(NEGATED)
    return positive if all((item.path, positive) in asked for item in leaf) else leaf[0].predicate


def _leaves(items: tuple[Evidence, ...]) -> list[tuple[Evidence, ...]]:
    ordered = sorted(items, key=_leaf)
    return [tuple(group) for _, group in groupby(ordered, key=lambda item: (item.leaf[0], item.predicate))]


def _leaf(item: Evidence) -> tuple[Any, ...]:
    return item.leaf[0], item.predicate, item.leaf[1]


def _comparable(head: tuple[Evidence, ...], base: tuple[Evidence, ...]) -> bool:
    """Whether both leaves read the same paths and ask the same of them, or both measure how far something is exposed."""
    if [item.path for item in head] != [item.path for item in base]:
        return False
    one, other = head[0], base[0]
    new, old = _predicate(one.predicate), _predicate(other.predicate)
    exposed = new is not None and old is not None and new.exposure and new.no_worse is old.no_worse
    return exposed or (one.predicate == other.predicate and one.args == other.args)


def _predicate(name: str) -> Predicate | None:
    return PREDICATES.get(name.removeprefix(NEGATED))


def _leaf_no_worse(head: tuple[Evidence, ...], base: tuple[Evidence, ...]) -> bool:
    return values_no_worse(head[0].predicate, tuple(item.value for item in head), tuple(item.value for item in base))


def values_no_worse(predicate: str, head: tuple[Value | None, ...], base: tuple[Value | None, ...]) -> bool:
    """The same for the values of one predicate, in the order of its attributes (None: not set)."""
    found = _predicate(predicate)
    if all(_settled(found, new) == _settled(found, old) for new, old in zip(head, base, strict=True)):
        return True
    if not all(value is not None and not isinstance(value, Null) and is_fully_known(value) for value in (*head, *base)):
        return False
    order = found.no_worse if found else equal
    new, old = tuple(map(raw_of, head)), tuple(map(raw_of, base))
    turned = predicate.startswith("not:") and not (found and found.exposure)
    return order(old, new) if turned else order(new, old)


def normalise(item: Evidence) -> Plain:
    """The deciding value for fingerprints: sets sorted, ranges canonical, an unknown by its expression, a secret by its digest."""
    return [item.path, item.predicate, _settled(_predicate(item.predicate), item.value)]


def settled(items: tuple[Evidence, ...]) -> list[str]:
    """All of it as sorted texts."""
    return sorted(repr(normalise(item)) for item in items)


def _settled(predicate: Predicate | None, value: Value | None) -> Plain:
    if value is None or isinstance(value, Null):
        return None
    if isinstance(value, Unknown):
        return {
            "unknown": value.expression or value.reason,
            **({"parts": list(value.parts)} if value.parts else {}),
            **({"branches": [_settled(predicate, item) for item in value.branches]} if value.branches else {}),
        }
    if value.sensitive or (predicate is not None and predicate.name in SECRETS):
        return {"digest": _digest(repr(_plain(canonical(raw_of(value)))))}
    if not is_fully_known(value):
        return _partly(predicate, value)
    raw = raw_of(value)
    settle = predicate.settle if predicate else None
    return _plain(settle(raw) if settle else canonical(raw))


SECRETS = frozenset({"secret_like", "hard_coded"})


def _partly(predicate: Predicate | None, value: Known) -> Plain:
    """A collection with unknown parts: the known ones, and the unknown ones by expression."""
    raw = value.raw
    if isinstance(raw, dict):
        return {key: _settled(None, raw[key]) for key in sorted(raw)}
    items = raw if isinstance(raw, tuple) else ()
    return sorted((_settled(predicate, item) for item in items), key=repr)


def _plain(raw: Raw) -> Plain:
    if isinstance(raw, tuple):
        return sorted((_plain(item) for item in raw), key=repr)
    if isinstance(raw, dict):
        return {key: _plain(raw[key]) for key in sorted(raw)}
    return raw


def element_key(value: Value) -> str:
    """What tells an element from its siblings without counting them: its name, else a digest of its content."""
    raw = value.raw if isinstance(value, Known) else None
    names = (raw.get(name) for name in NAMES) if isinstance(raw, dict) else (value,)
    for name in names:
        if isinstance(name, Known) and isinstance(name.raw, str) and 0 < len(name.raw) <= MAX_NAME and not name.sensitive:
            return name.raw
    return _digest(repr(_settled(None, value)))[:12]


def _digest(text: str) -> str:
    from hashlib import sha256  # noqa: PLC0415 - costs 3 ms that only a match pays

    return sha256(text.encode()).hexdigest()
