"""A predicate on raw values, lifted to three values: None is unknown. An unknown input is unknown unless the rest decides."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod
from typing import TypeVar

from msgspec.structs import replace

from bot.engine.model.value import Known, Null, Unknown, Value, is_fully_known
from bot.engine.policy.predicates.predicate import Args, Predicate, Raw

Truth = bool | None
Way = TypeVar("Way", bound=Value | None)
MAX_CHOICES = 16  # of one leaf: two conditions of four branches


def holds(predicate: Predicate, values: tuple[Value | None, ...], args: Args, absent: Truth) -> Truth:
    """Whether the predicate is true of the values. `absent`: what holds when the first is not set.

    Where conditions choose among known values: what holds of each choice, and not known where it does not hold of all alike.
    """
    truth = _holds(predicate, values, args, absent)
    choices = chosen(values) if truth is None else ()
    truths = {_holds(predicate, choice, args, absent) for choice in choices}
    return truths.pop() if len(truths) == 1 else truth


def _holds(predicate: Predicate, values: tuple[Value | None, ...], args: Args, absent: Truth) -> Truth:
    first = values[0]
    if len(values) == 1 and isinstance(first, Known) and not isinstance(first.raw, tuple | dict):
        return predicate.decide((first.raw,), args)
    known = all(value is None or is_fully_known(value) for value in values)
    if known and ((first is not None and not isinstance(first, Null)) or predicate.reads_absence):
        return predicate.decide(tuple(map(raw_of, values)), args)
    if predicate.partly is not None:
        decided = predicate.partly(values, args)
        if decided is not None:
            return decided
    if (first is None or isinstance(first, Null)) and not predicate.reads_absence:
        return absent
    return _from_known_elements(predicate, values, args) if predicate.monotone and not known else None


def chosen(values: tuple[Value | None, ...]) -> tuple[tuple[Value | None, ...], ...]:
    """The values with each choice in the place of the conditions that choose; () where there is none, or too many."""
    return _combined([_choices(value) for value in values])


def _choices(value: Value | None) -> tuple[Value | None, ...]:
    if isinstance(value, Unknown) and value.branches:
        return value.branches
    if not isinstance(value, Known) or not isinstance(value.raw, tuple):
        return (value,)
    found = _combined([item.branches if isinstance(item, Unknown) and item.branches else (item,) for item in value.raw])
    return tuple([replace(value, raw=items) for items in found]) or (value,)


def _combined(ways: Sequence[tuple[Way, ...]]) -> tuple[tuple[Way, ...], ...]:
    """One of each way, in every combination; () where there is but one, or more than a leaf may have."""
    several = [len(way) for way in ways if len(way) > 1]
    if not several or len(several) > MAX_CHOICES or prod(several) > MAX_CHOICES:
        return ()
    return tuple(product(*ways))


def _from_known_elements(predicate: Predicate, values: tuple[Value | None, ...], args: Args) -> Truth:
    """Elements that are known may decide where further ones can only confirm it; other inputs have to be known."""
    if not isinstance(values[0], Known) or not all(value is None or is_fully_known(value) for value in values[1:]):
        return None
    decided = predicate.decide((_known_part(values[0]), *map(raw_of, values[1:])), args)
    return decided if decided is (predicate.monotone == "up") else None


def raw_of(value: Value | None) -> Raw:
    """The value as plain Python data; null and what is not set or not known read None."""
    if not isinstance(value, Known):
        return None
    raw = value.raw
    if isinstance(raw, tuple):
        return tuple(map(raw_of, raw))
    if isinstance(raw, dict):
        return {key: raw_of(item) for key, item in raw.items()}
    return raw


def _known_part(value: Value) -> Raw:
    """The value without unknown elements of lists; an unknown value of a map reads None."""
    if not isinstance(value, Known):
        return None
    raw = value.raw
    if isinstance(raw, tuple):
        return tuple(_known_part(item) for item in raw if not isinstance(item, Unknown))
    if isinstance(raw, dict):
        return {key: _known_part(item) for key, item in raw.items()}
    return raw
