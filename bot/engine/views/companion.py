"""Which resource a setting of its own resource belongs to: by reference, or by a known name."""

from __future__ import annotations

from bot.engine.model.resource import Resource
from bot.engine.model.value import Unknown, Value
from bot.engine.views.reading import attribute, refers_to, text


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
