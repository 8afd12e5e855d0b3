"""Providers that are used without saying where they come from, although they do not come from where Terraform then looks.

A local name without `source` means `hashicorp/NAME`, in every module anew:
https://developer.hashicorp.com/terraform/language/providers/requirements#implied-provider-local-names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.configuration import Configuration
from bot.engine.model.reference import Dangling

# Names that are on record as refused: "provider registry registry.terraform.io does not have a provider named …/hashicorp/NAME", read
# on 2026-11-29 in public threads and logs of these providers, with the source that is meant.
ELSEWHERE = {
    "azapi": "Azure/azapi",
    "digitalocean": "digitalocean/digitalocean",
    "docker": "kreuzwerker/docker",
    "gitlab": "gitlabhq/gitlab",
    "kubectl": "alekc/kubectl, gavinbunney/kubectl",
    "minikube": "scott-the-programmer/minikube",
    "snowflake": "snowflakedb/snowflake",
}


def sources_given(configurations: Iterable[Configuration]) -> bool:
    """Whether some module names a source, as none did before Terraform 0.13, which looked elsewhere."""
    return any(_source(written) for each in configurations for _, written in _required(each))


def unknown_sources(configuration: Configuration) -> Iterator[Dangling]:
    """The first resource or data source of each provider whose implied source is not held by a registry."""
    given = {name for name, written in _required(configuration) if _source(written) or not isinstance(written, s.ObjectCons | s.Literal)}
    told: set[str] = set()
    for address, block in configuration.resources.items():
        name = block.labels[0].partition("_")[0]
        if name in ELSEWHERE and name not in given and name not in told and "provider" not in block.attributes:
            told.add(name)
            meant = ELSEWHERE[name]
            named = configuration.settings[0].span if configuration.settings else block.span
            yield Dangling(block.span, "provider-source", f"hashicorp/{name}", address, named, configuration.directory, meant)


def _required(configuration: Configuration) -> Iterator[tuple[str, s.Expression]]:
    for block in configuration.settings:
        for inner in block.blocks:
            if inner.type == "required_providers":
                for name, written in inner.attributes.items():
                    yield name, written.expression


def _source(e: s.Expression) -> bool:
    return isinstance(e, s.ObjectCons) and any(isinstance(key, s.Literal) and key.raw == "source" for key, _ in e.items)
