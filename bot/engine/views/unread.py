"""What was not read: `cause` (`grammar`, `unsupported`, `limit`), `extent`, `detail`, and `content`, which is unknown.

A text that its own language rejects has no `content`: that it is wrong is known.
"""

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
        cause=constant(item.cause, item.span),
        extent=constant(item.extent, item.span),
        detail=constant(item.detail, item.span),
        content=content,
    )
