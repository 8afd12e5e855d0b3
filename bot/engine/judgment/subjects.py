"""A fact about a difference, as rules read it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.engine.decisions.binding import digest
from bot.engine.model.match import Cause, Change, Subject
from bot.engine.model.resource import Resource
from bot.engine.model.span import Span
from bot.engine.model.value import Known, Null, Unknown, Value, first_unknown, plain
from bot.engine.views.reading import constant


def subject(view: str, resource: Resource, place: Span, cause: Cause, **fields: str | bool | Value | None) -> Subject:
    """The fact at its place; a field that is None is left out, a plain one is known."""
    told = {name: _value(value, place) for name, value in fields.items() if value is not None}
    return Subject(resource, told, place, view, cause.change.path, cause)


def block_key(view: str, item: Resource, name: str) -> tuple[str, ...]:
    """What makes one cause of everything that one new block of a module comes to, whatever calls the module and however often."""
    return view, f"{item.span.path}:{item.span.line}", name


def written_key(view: str, item: Resource, name: str, change: Change) -> tuple[str, ...]:
    """Nothing where the head writes a value, whose chain of places tells its cause; else the block."""
    return () if change.path and change.after is not None else block_key(view, item, name)


def resting(*told: Value | Mapping[str, Value] | str | None) -> tuple[str, ...]:
    """What an answer rests on besides the fact, as digests: values by what they are, wherever they stand."""
    return tuple(digest(_plain(item)) for item in told)


def _plain(told: Value | Mapping[str, Value] | str | None) -> object:
    if told is None or isinstance(told, str):
        return told
    if isinstance(told, Known | Unknown | Null):
        return plain(told)
    return {name: plain(value) for name, value in told.items()}


def placed(value: Unknown, place: Span) -> Unknown:
    """The unknown, at the place that made it one where it has none of its own."""
    return value if value.span.line else Unknown(value.reason, value.expression, place, detail=value.detail)


def place_of(value: Value | None, resource: Resource) -> Span:
    """Where a value is written, else its resource."""
    return value.span if value is not None and value.span.line else resource.span


def unknown_of(change: Change) -> Unknown | None:
    """The part of a change that is not known; None when all of it is."""
    found = (first_unknown(value) for value in (change.after, change.before) if value is not None)
    return next((value for value in found if value is not None), None)


def _value(value: str | bool | Value, place: Span) -> Value:  # noqa: FBT001 - a value, not a switch
    """An unknown stands for a word of ours that is not known: what can be told of the text it is part of says nothing about it."""
    if isinstance(value, Unknown):
        return Unknown(value.reason, "", value.span, value.origin, detail=value.detail)
    return value if isinstance(value, Known | Null) else constant(value, place)
