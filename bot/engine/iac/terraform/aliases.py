"""Provider configurations that are named and not declared.

A default configuration needs no block. https://developer.hashicorp.com/terraform/language/providers/configuration
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.configuration import Configuration
from bot.engine.iac.terraform.similar import Suggestions
from bot.engine.model.reference import Dangling


def undeclared_aliases(configuration: Configuration, passed: frozenset[str], suggestions: Suggestions) -> Iterator[Dangling]:
    """`passed`: what every caller hands over (`aws.east`), which Terraform takes with a warning where it is not declared."""
    uses = list(_uses(configuration))
    if not uses:
        return
    declared = _declared(configuration) | passed
    open_names = {block.labels[0] for block in configuration.providers if "alias" in block.attributes and _alias(block) is None}
    for holder, block, expression in uses:
        name = alias_of(expression)
        if name is not None and name not in declared and name.partition(".")[0] not in open_names:
            near = suggestions.near(name, declared)
            yield Dangling(expression.span, "provider-alias", name, holder, block.span, configuration.directory, near)


def used_providers(configuration: Configuration) -> Iterator[s.Block]:
    """The configurations that something of the module uses. Terraform drops the others before it reads what they refer to:
    https://github.com/hashicorp/terraform/blob/main/internal/terraform/transform_provider.go
    """
    named = {name for _, _, expression in _uses(configuration) if (name := alias_of(expression) or _default(expression))}
    named.update(name for block in configuration.imports for name in _written(block))
    for address, block in (*configuration.resources.items(), *configuration.further):
        if "provider" not in block.attributes:
            named.add(address.removeprefix("data.").removeprefix("ephemeral.").partition(".")[0].partition("_")[0])
    for block in configuration.providers:
        alias = _alias(block)
        name = block.labels[0]
        is_inherited = alias is None and any(_may_use(call, name) for call in configuration.modules.values())
        if is_inherited or (alias is None and "alias" in block.attributes) or (f"{name}.{alias}" if alias else name) in named:
            yield block


def _may_use(call: s.Block, provider: str) -> bool:
    """Whether a called module is of the provider: one in the tree, or one whose source names it as most do."""
    written = call.attributes.get("source")
    source = written.expression.raw if written is not None and isinstance(written.expression, s.Literal) else None
    return isinstance(source, str) and (source.startswith(".") or provider in re.split(r"[^a-z0-9]+", source.lower()))


def _written(block: s.Block) -> Iterator[str]:
    written = block.attributes.get("provider")
    name = written and (alias_of(written.expression) or _default(written.expression))
    if name:
        yield name


def _default(expression: s.Expression) -> str:
    """`aws` of a reference to the configuration without an alias."""
    if isinstance(expression, s.Variable):
        return expression.name
    return expression.raw if isinstance(expression, s.Literal) and isinstance(expression.raw, str) else ""


def handed_over(block: s.Block) -> frozenset[str]:
    """The provider configurations that a call gives to its module, by their names there."""
    written = block.attributes.get("providers")
    items = written.expression.items if written is not None and isinstance(written.expression, s.ObjectCons) else ()
    return frozenset(name for key, _ in items if (name := alias_of(key)) is not None)


def is_run_here(configuration: Configuration) -> bool:
    """Whether it says where its state is kept, as no called module does: then no caller hands anything over."""
    return any(inner.type in ("backend", "cloud") for block in configuration.settings for inner in block.blocks)


def alias_of(expression: s.Expression) -> str | None:
    """`aws.east` of a reference to a configuration with an alias, old spellings too; None of a default one."""
    if isinstance(expression, s.Index):  # an instance of a provider with for_each (OpenTofu)
        expression = expression.source
    if isinstance(expression, s.GetAttr) and isinstance(expression.source, s.Variable):
        return f"{expression.source.name}.{expression.name}"
    if isinstance(expression, s.Literal) and isinstance(expression.raw, str) and expression.raw.count(".") == 1:
        return expression.raw
    return None


def _uses(configuration: Configuration) -> Iterator[tuple[str, s.Block, s.Expression]]:
    for address, block in configuration.resources.items():
        written = block.attributes.get("provider")
        if written is not None:
            yield address, block, written.expression
    for name, block in configuration.modules.items():
        given = block.attributes.get("providers")
        for _, value in given.expression.items if given is not None and isinstance(given.expression, s.ObjectCons) else ():
            yield f"module.{name}", block, value


def _declared(configuration: Configuration) -> frozenset[str]:
    found = {f"{block.labels[0]}.{alias}" for block in configuration.providers if (alias := _alias(block)) is not None}
    for block in configuration.settings:
        for inner in block.blocks:
            if inner.type == "required_providers":
                for requirement in inner.attributes.values():
                    found.update(_configuration_aliases(requirement.expression))
    return frozenset(found)


def _alias(block: s.Block) -> str | None:
    written = block.attributes.get("alias")
    raw = written.expression.raw if written is not None and isinstance(written.expression, s.Literal) else None
    return raw if isinstance(raw, str) else None


def _configuration_aliases(requirement: s.Expression) -> Iterator[str]:
    for key, value in requirement.items if isinstance(requirement, s.ObjectCons) else ():
        if isinstance(key, s.Literal) and key.raw == "configuration_aliases" and isinstance(value, s.TupleCons):
            yield from (name for item in value.items if (name := alias_of(item)) is not None)
