"""Which table tells about a resource, and how far it may be trusted: the provider in force may be older or newer than it.

Sources of providers: https://developer.hashicorp.com/terraform/language/providers/requirements#source-addresses.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bot.engine.facts import Facts
from bot.engine.facts.schema import Schema
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Known
from bot.engine.views.provider_version import ANY, at_most, below_major, beyond

OLDEST = {"aws": 5, "azurerm": 3, "google": 6}  # the oldest major version whose former names the table has
DATA = "-data"  # behind a provider's name: the table of its data sources
HOSTS = ("", "registry.terraform.io/", "registry.opentofu.org/")
OWNERS = ("hashicorp/", "opentofu/")


class InForce(Struct, frozen=True):
    """A provider's schema. `decides`: a name that it lacks and that is nearly one it has does not exist. `certain`: the table is at
    least as new as the provider. `is_newest`: the provider may be of the table's own major version; `is_surely_newest`: it is.
    """

    schema: Schema
    decides: bool
    certain: bool
    is_newest: bool
    is_surely_newest: bool

    @property
    def table(self) -> str:
        """The table as a reader knows it."""
        return said(self.schema)


def said(schema: Schema) -> str:
    """The provider, the version its table was made of, and the day of that."""
    header = schema.table.header
    provider = header.listed[1:].partition("_")[0]
    return f"{provider} {header.version} of {header.date}"


class Tables:
    """The tables for one model."""

    def __init__(self, model: Model, facts: Facts) -> None:
        self._model, self._facts = model, facts
        self._mixed = frozenset(_passed_as_another(model))
        self._known: dict[tuple[str, bool], InForce | None] = {}

    def of(self, resource: Resource) -> InForce | None:
        """The table for a resource; None when none is of its provider, or another one may serve it."""
        prefix, local = resource.type.partition("_")[0], resource.provider.partition(".")[0]
        if prefix != local or local in self._mixed or resource.address.rpartition("module.")[2].partition(".")[0] == "ephemeral":
            return None
        reads = resource.mode == "data"
        if (local, reads) not in self._known:
            self._known[local, reads] = self._in_force(local, DATA if reads else "")
        return self._known[local, reads]

    def _in_force(self, provider: str, suffix: str) -> InForce | None:
        schema = self._facts.schema(provider + suffix)
        official = {f"{host}{owner}{provider}" for host in HOSTS for owner in OWNERS}
        if schema is None or not official.issuperset(source.lower() for source in self._model.provider_sources.get(provider, ())):
            return None
        required, newest = self._model.required_providers, schema.version[0]
        is_covered = not below_major(required, provider, OLDEST.get(provider, newest))
        decides = is_covered and not beyond(required, provider, schema.version)
        certain = decides and at_most(required, provider, schema.version)
        is_newest = not below_major(required, provider, newest)
        decides = decides and (is_newest or not suffix)  # of data sources no former names are known
        return InForce(schema, decides, certain, is_newest, is_newest and beyond(required, provider, (newest - 1, ANY)))


def _passed_as_another(model: Model) -> Iterator[str]:
    """Local names that a call gives to a module for another provider (`google = google-beta`)."""
    for resource in model.resources:
        passed = resource.attributes.get("providers") if resource.mode == "module" else None
        if isinstance(passed, Known) and isinstance(passed.raw, dict):
            for name, value in passed.raw.items():
                given = value.raw if isinstance(value, Known) else ""
                if str(given).partition(".")[0] != name.partition(".")[0]:
                    yield name.partition(".")[0]
