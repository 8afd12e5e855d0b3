"""Values that are certain to be sensitive, seen in the text: variables that say so, and what is made of them.

A sensitive value cannot be repeated over, since its elements would stand in addresses, and no output of a root may show it:
https://developer.hashicorp.com/terraform/language/meta-arguments/for_each#limitations-on-values-used-in-for_each and
https://developer.hashicorp.com/terraform/language/values/outputs#sensitive-suppressing-values-in-cli-output. Compared with 1.11.4.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.configuration import Configuration
from bot.engine.iac.terraform.describe import describe
from bot.engine.iac.terraform.expression_parts import parts_of
from bot.engine.model.reference import Dangling

MAX_NAME = 80
DEPTH = 8  # local values that are followed
# What a sensitive argument makes sensitive as a whole, whatever else it is given.
_CARRY = frozenset(
    {
        *("base64decode", "base64encode", "compact", "csvdecode", "distinct", "format", "join", "jsondecode", "jsonencode", "keys"),
        *("length", "lower", "md5", "replace", "sha256", "sort", "split", "tomap", "toset", "trimspace", "upper", "values"),
        *("yamldecode", "yamlencode"),
    }
)
_GATHER = frozenset({"toset", "compact", "distinct", "sort"})  # what of one sensitive element makes the whole sensitive


def sensitive_repeated(configuration: Configuration) -> Iterator[Dangling]:
    """Every `for_each` of a resource, data source or call that is certain to be given a sensitive value."""
    named = {**configuration.resources, **{f"module.{name}": block for name, block in configuration.modules.items()}}
    for address, block in named.items():
        written = block.attributes.get("for_each")
        if written is not None and is_sensitive(written.expression, configuration, DEPTH):
            name = describe(written.expression, MAX_NAME)
            yield Dangling(written.expression.span, "sensitive-for-each", name, address, block.span, configuration.directory)


def sensitive_shown(configuration: Configuration) -> Iterator[Dangling]:
    """Every output of a root that is certain to be sensitive and does not say so."""
    for name, block in configuration.outputs.items():
        written = block.attributes.get("value")
        if written is None or block.incomplete or "sensitive" in block.attributes or "ephemeral" in block.attributes:
            continue
        if is_sensitive(written.expression, configuration, DEPTH):
            shown = describe(written.expression, MAX_NAME)
            yield Dangling(written.expression.span, "sensitive-output", shown, f"output.{name}", block.span, configuration.directory)


def is_sensitive(e: s.Expression, configuration: Configuration, depth: int) -> bool:
    """Whether the value as a whole is certain to be sensitive; elements of collections may be without it."""

    def inner(part: s.Expression) -> bool:
        return is_sensitive(part, configuration, depth)

    if isinstance(e, s.GetAttr | s.Index):
        return _is_reference_sensitive(e, configuration, depth)
    if isinstance(e, s.Call):
        return _is_call_sensitive(e, configuration, depth)
    if isinstance(e, s.Conditional):
        return inner(e.condition) or (inner(e.then) and inner(e.otherwise))
    if isinstance(e, s.For):
        return inner(e.collection)
    return isinstance(e, s.Template | s.Binary | s.Unary) and any(map(inner, parts_of(e)))


def _is_reference_sensitive(e: s.GetAttr | s.Index, configuration: Configuration, depth: int) -> bool:
    if isinstance(e, s.GetAttr) and isinstance(e.source, s.Variable):
        if e.source.name == "var":
            return _says_so(configuration.variables.get(e.name))
        found = configuration.locals.get(e.name) if e.source.name == "local" else None
        return found is not None and depth > 0 and is_sensitive(found.expression, configuration, depth - 1)
    return is_sensitive(e.source, configuration, depth)


def _is_call_sensitive(e: s.Call, configuration: Configuration, depth: int) -> bool:
    name = e.name.removeprefix("core::")
    if name == "sensitive":
        return True
    if name in _GATHER and e.args and isinstance(e.args[0], s.TupleCons):
        return any(is_sensitive(item, configuration, depth) for item in e.args[0].items)
    return name in _CARRY and any(is_sensitive(argument, configuration, depth) for argument in e.args)


def _says_so(variable: s.Block | None) -> bool:
    written = variable.attributes.get("sensitive") if variable is not None else None
    return written is not None and isinstance(written.expression, s.Literal) and written.expression.raw is True
