"""Addresses inside modules that `import` blocks name and that the configuration does not declare.

https://developer.hashicorp.com/terraform/language/block/import. Configuration can be generated for a resource of the root, and for
nothing inside a module, so only a missing call is told.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.configuration import Configuration
from bot.engine.iac.terraform.describe import describe
from bot.engine.iac.terraform.similar import Suggestions
from bot.engine.model.reference import Dangling

MAX_NAME = 80


def absent_targets(configuration: Configuration, suggestions: Suggestions) -> Iterator[Dangling]:
    """Every target inside a module whose call is not declared."""
    for block in configuration.imports:
        written = block.attributes.get("to")
        names = _names(written.expression) if written is not None else ()
        if written is None or len(names) < 2 or names[0] != "module" or names[1] in configuration.modules:
            continue
        near = suggestions.near(names[1], configuration.modules)
        name, meant = describe(written.expression, MAX_NAME), near and f"module.{near}"
        yield Dangling(written.expression.span, "import-target", name, "import", block.span, configuration.directory, meant)


def _names(e: s.Expression) -> tuple[str, ...]:
    """`module`, `net`, `aws_vpc`, `main` of `module.net[0].aws_vpc.main`."""
    if isinstance(e, s.Variable):
        return (e.name,)
    if isinstance(e, s.GetAttr):
        return (*_names(e.source), e.name)
    return _names(e.source) if isinstance(e, s.Index) else ()
