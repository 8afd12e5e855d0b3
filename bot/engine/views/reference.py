"""References that lead nowhere: `kind`, `missing` (the name that does not exist), `similar` (the nearest that does;
not set where none is near).

`missing` is unknown where a sign says that it may be made before Terraform runs; the sign is then its detail. The kinds stand in
`bot/engine/model/reference.py`. A place is one fact, however many roots and calls reach it.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.model.match import Subject
from bot.engine.model.reference import Dangling
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Known, Reason, Unknown, Value
from bot.engine.views.reading import constant, fact


def references(model: Model) -> Iterator[Subject]:
    """A fact for each reference that leads nowhere."""
    for item in model.dangling:
        yield _fact(model, item)


def _fact(model: Model, item: Dangling) -> Subject:
    place = Resource(item.holder, item.holder, item.kind, item.holder, "managed", model.language, item.directory, item.holder_span, {})
    origin = (item.declared,) if item.declared.line else ()
    sure = Known(item.name, item.span, origin)
    reason: Reason = "environment" if item.unsure == "version" else "generated"
    missing: Value = Unknown(reason, item.name, item.span, origin, detail=item.unsure) if item.unsure else sure
    return fact(
        place,
        "reference",
        item.span,
        item.kind,
        kind=constant(item.kind, item.holder_span),
        missing=missing,
        similar=constant(item.similar, item.span) if item.similar else None,
        directory=constant(item.directory or ".", item.span),
    )
