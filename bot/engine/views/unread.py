"""What was not read: `rejected` (why its own language rejects it), or else `content`, which is unknown."""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource, Unread
from bot.engine.model.value import Reason, Unknown
from bot.engine.views.reading import constant, fact


def unread(model: Model) -> Iterator[Subject]:
    """A fact for each place that was not read."""
    for item in model.unread:
        yield _fact(model, item)


def _fact(model: Model, item: Unread) -> Subject:
    reason: Reason = "limit" if item.cause == "limit" else "not-read"
    content = None if item.cause == "grammar" else Unknown(reason, item.detail, item.span, detail=item.detail)
    place = Resource(item.span.path, item.span.path, item.extent, item.span.path, "terraform", model.language, model.root, item.span, {})
    return fact(
        place,
        "unread",
        item.span,
        item.extent,
        rejected=constant(item.detail, item.span) if item.cause == "grammar" else None,
        content=content,
    )
