"""Where things stand: `provider`, `region` (as the provider writes it, without the zone), `stands` (always `anywhere`).

Only what is written is a fact; a resource that names no place stands where its provider's configuration says, which is a fact too.
Azure takes `West Europe` and `westeurope` for one: https://learn.microsoft.com/azure/reliability/regions-list. A zone of Google is its
region and a letter: https://cloud.google.com/compute/docs/regions-zones.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Value
from bot.engine.pattern import Pattern
from bot.engine.views.reading import attribute, constant, fact, known_as, span_of, text

GOOGLE = ("region", "zone", "location")
ATTRIBUTES = {"aws": ("region",), "azurerm": ("location",), "google": GOOGLE, "google-beta": GOOGLE}
PROVIDERS = {"aws": "aws", "azurerm": "azure", "google": "google", "google-beta": "google"}
ZONE = Pattern(r"([a-z]+-[a-z]+\d+)-[a-z]")
GLOBAL, ANYWHERE = frozenset({"global", "-"}), "anywhere"


def locations(model: Model) -> Iterator[Subject]:
    """A fact for each place that a provider's configuration or a resource names."""
    for resource in model.resources:
        family = _family(resource)
        for name in ATTRIBUTES.get(family, ()):
            value = attribute(resource, name)
            if value is not None:
                yield _fact(resource, name, PROVIDERS[family], value)
                break


def _family(resource: Resource) -> str:
    if resource.mode == "provider":
        return resource.name
    return resource.type.partition("_")[0] if resource.mode == "managed" else ""


def _fact(resource: Resource, path: str, provider: str, value: Value) -> Subject:
    said = {"provider": provider, "stands": ANYWHERE}
    constants = {name: constant(raw, resource.span) for name, raw in said.items()}
    region = ANYWHERE if text(value) in GLOBAL else _region(value)
    placed = value if region is None else known_as(value, region)
    return fact(resource, "location", span_of(value, resource), path, region=placed, **constants)


def _region(value: Value) -> str | None:
    written = text(value)
    return None if written is None else region_of(written)


def region_of(written: str) -> str:
    """The region that a place lies in, as the provider's own tables name it."""
    zone = ZONE.fullmatch(written)
    return zone[1] if zone else written.replace(" ", "").lower() if " " in written else written
