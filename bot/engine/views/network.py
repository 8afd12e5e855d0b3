"""Networks that AWS made for the account rather than somebody here: `default` (true, false, or unknown)."""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model
from bot.engine.views.reading import attribute, constant, fact, span_of


def networks(model: Model) -> Iterator[Subject]:
    """A fact for each default VPC that is adopted, and for each that is looked up."""
    for resource in model.resources:
        if resource.mode == "managed" and resource.type == "aws_default_vpc":
            yield fact(resource, "network", resource.span, default=constant(raw=True, span=resource.span))
        elif resource.mode == "data" and resource.type == "aws_vpc":
            value = attribute(resource, "default")
            if value is not None:
                yield fact(resource, "network", span_of(value, resource), "default", default=value)
