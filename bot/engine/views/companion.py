"""Resources that say something about another one: which belong to it, by reference or by a known name, and what makes that unknown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.engine.model.resource import Resource
from bot.engine.model.value import Unknown, Value
from bot.engine.views.reading import attribute, elements, refers_to, text


def belongs(reference: Value | None, owner: Resource, name: str) -> bool | Unknown:
    """Whether `reference` means `owner`, whose own argument `name` may name it too.

    Equal expressions mean one thing; an unknown that was read from other resources does not mean this one; any other may.
    """
    if reference is None or refers_to(reference, owner):
        return reference is not None
    own = attribute(owner, name)
    if isinstance(reference, Unknown):
        if isinstance(own, Unknown) and reference.expression and reference.expression == own.expression:
            return True
        return False if reference.refs else reference
    return own if isinstance(own, Unknown) else text(reference) is not None and text(reference) == text(own)


def companions_of(target: Resource, others: Iterable[Resource], name: str) -> tuple[Resource, ...]:
    """Those of `others` whose argument `name` refers to the target; of several instances the one with the target's key."""
    return tuple(other for other in others if _names(other, target, name) and _pairs(other, target, name))


def doubt(target: Resource, others: Iterable[Resource], name: str) -> Unknown | None:
    """An argument of which nothing tells what it refers to, so that it may be the target; or a companion that may not exist."""
    for other in others:
        for value in elements(attribute(other, name)):
            if isinstance(value, Unknown) and not value.refs and not value.parts:
                return value
            if other.exists is not None and refers_to(value, target):
                return other.exists
    return None


def certain(found: Sequence[Resource]) -> tuple[Resource, ...]:
    """Those that are certainly made."""
    return tuple(resource for resource in found if resource.exists is None)


def _names(other: Resource, target: Resource, name: str) -> bool:
    """By reference; or by the identifier that a plan tells of what is there already."""
    given = {text(attribute(target, known)) for known in ("id", "arn")} - {None, ""}
    return any(refers_to(value, target) or text(value) in given for value in elements(attribute(other, name)))


def _pairs(other: Resource, target: Resource, name: str) -> bool:
    """A reference that leaves the key out (`each.key`, `count.index`) means the instance with the same key."""
    mine, its = other.address.removeprefix(other.definition), target.address.removeprefix(target.definition)
    exact = any(target.address in value.refs for value in elements(attribute(other, name)))
    return not (mine and its) or mine == its or exact
