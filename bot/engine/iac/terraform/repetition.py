"""Traps of `for_each` and of attributes that may be left out, seen in the text alone: they hold whatever the values are.

`for_each` of a resource or call takes a map or a set of texts: https://developer.hashicorp.com/terraform/language/meta-arguments/for_each.
An attribute declared `optional` without default is null where a caller leaves it out, and most functions refuse null:
https://developer.hashicorp.com/terraform/language/expressions/type-constraints#optional-object-type-attributes.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.configuration import Configuration
from bot.engine.iac.terraform.describe import describe
from bot.engine.model.reference import Dangling

MAX_NAME = 80
DEPTH = 8  # local values that are followed
# Functions that give a list or tuple whatever they are given. `setproduct`, `try` and others give what they get.
LISTS = frozenset(
    {
        *("chunklist", "cidrsubnets", "compact", "concat", "csvdecode", "distinct", "flatten", "formatlist", "keys", "matchkeys"),
        *("range", "regexall", "reverse", "slice", "sort", "split", "tolist", "values"),
    }
)


def lists_repeated(configuration: Configuration) -> Iterator[Dangling]:
    """Every `for_each` of a resource, data source or call that is certain to be given a list."""
    named = {**configuration.resources, **{f"module.{name}": block for name, block in configuration.modules.items()}}
    for address, block in named.items():
        written = block.attributes.get("for_each")
        if written is not None and is_list(written.expression, configuration, DEPTH):
            name = describe(written.expression, MAX_NAME)
            yield Dangling(written.expression.span, "list-for-each", name, address, block.span, configuration.directory)


def is_list(e: s.Expression, configuration: Configuration, depth: int) -> bool:
    """Whether the expression is certain to be a list or tuple."""
    if isinstance(e, s.Conditional):
        return is_list(e.then, configuration, depth) and is_list(e.otherwise, configuration, depth)
    if isinstance(e, s.GetAttr):
        return isinstance(e.source, s.Variable) and depth > 0 and _is_list_named(e.source.name, e.name, configuration, depth)
    if isinstance(e, s.Call):
        return e.name.removeprefix("core::") in LISTS
    return isinstance(e, s.TupleCons | s.Splat) or (isinstance(e, s.For) and e.key_result is None)


def _is_list_named(kind: str, name: str, configuration: Configuration, depth: int) -> bool:
    if kind == "local":
        found = configuration.locals.get(name)
        return found is not None and is_list(found.expression, configuration, depth - 1)
    return kind == "var" and _is_list_type(configuration.variables.get(name))


def _is_list_type(variable: s.Block | None) -> bool:
    declared = variable.attributes.get("type") if variable is not None else None
    return declared is not None and isinstance(declared.expression, s.Call) and declared.expression.name in ("list", "tuple")
